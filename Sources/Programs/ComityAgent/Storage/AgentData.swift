// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import FoundationEssentials
package import SPIFFE
import X509

/// What an agent remembers over a restart, in the layout of SPIRE's `agent-data.json`. Keys are kept elsewhere.
package struct AgentData: Hashable, Sendable {
    /// The agent's own SVID, leaf first; empty when it has none.
    package var certificates: [X509Authority] = []
    /// The X.509 authorities of the own trust domain; empty when none is trusted yet.
    package var authorities: [X509Authority] = []
    package var canReattest = false

    private struct Document: Codable {
        var svid: [Data]?
        var bundle: [Data]?
        var reattestable: Bool?
    }

    package init() {}

    /// - Throws: ``AgentError`` with code `storage`.
    package init(json: [UInt8]) throws(AgentError) {
        do {
            let document = try JSONDecoder().decode(Document.self, from: Data(json))
            certificates = try (document.svid ?? []).map(Self.certificate)
            authorities = try (document.bundle ?? []).map(Self.certificate)
            canReattest = document.reattestable ?? false
        } catch {
            throw AgentError(.storage, "it is not what an agent wrote", cause: error)
        }
    }

    package var json: [UInt8] {
        func list(_ certificates: [X509Authority]) -> String {
            let items = certificates.map { "\"\(Data($0.pem.utf8).base64EncodedString())\"" }
            return "[" + items.joined(separator: ",") + "]"
        }
        return Array(
            "{\"svid\":\(list(certificates)),\"bundle\":\(list(authorities)),\"reattestable\":\(canReattest)}".utf8)
    }

    private static func certificate(pem: Data) throws -> X509Authority {
        let certificates = try X509Authority.parse(pem: Array(pem))
        guard certificates.count == 1, let certificate = certificates.first else {
            throw AgentError(.storage, "an element holds \(certificates.count) certificates instead of one")
        }
        return certificate
    }
}
