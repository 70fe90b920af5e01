// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation

/// Proves a node by the token that Kubernetes projects into the agent's pod.
package struct PSATAgentAttestor: AgentNodeAttestor {
    private static let maximumToken = 64 << 10

    private let settings: PSATAgentSettings

    package var name: String { PSATServerAttestor.name }

    package init(_ settings: PSATAgentSettings) {
        self.settings = settings
    }

    package func attest(_ send: @Sendable ([UInt8]) async throws -> [UInt8]?) async throws {
        // Each time anew: the kubelet replaces the token long before it ends.
        let claim = PSATMessages.Claim(cluster: settings.cluster, token: try token())
        guard try await send(PSATMessages.payload(claim)) == nil else {
            throw AttestationError(.internalError, "server challenged a projected token, which has no challenge")
        }
    }

    private func token() throws(AttestationError) -> String {
        let content: [UInt8]
        do throws(AttestationError) {
            content = try BoundedFile.read(settings.tokenPath, atMost: Self.maximumToken)
        } catch {
            throw AttestationError(
                .unavailable,
                "unable to load token from \(settings.tokenPath): \(error.message); project a service account token there "
                    + "or set token_path")
        }
        let words = content.split { $0 <= UInt8(ascii: " ") }
        guard words.count == 1, let token = words.first.flatMap({ String(validating: $0, as: UTF8.self) }) else {
            throw AttestationError(.unavailable, "unable to load token from \(settings.tokenPath): it holds no token")
        }
        return token
    }
}
