// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
import Glibc

/// Proves a node by answering under its name while the server looks.
package struct HTTPChallengeAgentAttestor: AgentNodeAttestor {
    private let settings: HTTPChallengeAgentSettings

    package var name: String { HTTPChallengeServerAttestor.name }

    package init(_ settings: HTTPChallengeAgentSettings) {
        self.settings = settings
    }

    package func attest(_ send: @Sendable ([UInt8]) async throws -> [UInt8]?) async throws {
        let hostName = try settings.hostName ?? Self.machineName()
        let listener = try await ChallengeListener(port: settings.port, agentName: settings.agentName)
        do {
            let location = HTTPChallengeMessages.Location(
                hostName: hostName, agentName: settings.agentName, port: settings.advertisedPort ?? listener.port)
            guard let challenge = try await send(HTTPChallengeMessages.payload(location)) else {
                throw AttestationError(.internalError, "server looked for no challenge")
            }
            listener.serve(try HTTPChallengeMessages.nonce(challenge: challenge))
            guard try await send(HTTPChallengeMessages.ready) == nil else {
                throw AttestationError(.internalError, "server asked for a second proof")
            }
        } catch {
            await listener.close()
            throw error
        }
        await listener.close()
    }

    private static func machineName() throws(AttestationError) -> String {
        var name = [UInt8](repeating: 0, count: 256)
        let isKnown = name.withUnsafeMutableBytes { name in
            name.assumingMemoryBound(to: CChar.self).baseAddress.map { gethostname($0, name.count - 1) == 0 } ?? false
        }
        guard isKnown else { throw .system("unable to fetch hostname") }
        return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
    }
}
