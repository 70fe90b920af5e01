// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
package import FoundationEssentials
package import SPIFFE
import X509

/// What an agent remembers over a restart, in the layout of SPIRE's `agent-data.json`. Keys are kept elsewhere.
package struct AgentData: Hashable, Sendable {
    /// The agent's own SVID, leaf first; empty when it has none.
    package var certificates: [X509Authority] = []
    /// The X.509 authorities of the own trust domain; empty when none is trusted yet.
    package var authorities: [X509Authority] = []
    package var canReattest = false

    /// Whether it has forgotten its bundle because that did not fit its server.
    package var isRebootstrapping = false
    /// How often it has asked for a bundle since it had none, and since when.
    package var connectionAttempts = 0
    package var bootstrapStart: Date?

    private struct Document: Codable {
        var svid: [Data]?
        var bundle: [Data]?
        var reattestable: Bool?
        var rebootstrap: Bool?
        var connectionAttempts: Int?
        var bootstrapStart: String?

        enum CodingKeys: String, CodingKey {
            case svid, bundle, reattestable, rebootstrap
            case connectionAttempts = "connection_attempts"
            case bootstrapStart = "bootstrap_start_time"
        }
    }

    package init() {}

    /// - Throws: ``AgentError`` with code `storage`.
    package init(json: [UInt8]) throws(AgentError) {
        do {
            let document = try JSONDecoder().decode(Document.self, from: Data(json))
            certificates = try (document.svid ?? []).map(Self.certificate)
            authorities = try (document.bundle ?? []).map(Self.certificate)
            canReattest = document.reattestable ?? false
            isRebootstrapping = document.rebootstrap ?? false
            connectionAttempts = document.connectionAttempts ?? 0
            bootstrapStart = document.bootstrapStart.flatMap { try? Date($0, strategy: .iso8601) }
        } catch {
            throw AgentError(.storage, "it is not what an agent wrote", cause: error)
        }
    }

    package var json: [UInt8] {
        func list(_ certificates: [X509Authority]) -> String {
            let items = certificates.map { "\"\(Data($0.pem.utf8).base64EncodedString())\"" }
            return "[" + items.joined(separator: ",") + "]"
        }
        var text = "{\"svid\":\(list(certificates)),\"bundle\":\(list(authorities)),\"reattestable\":\(canReattest)"
        if isRebootstrapping { text += ",\"rebootstrap\":true" }
        if connectionAttempts > 0 { text += ",\"connection_attempts\":\(connectionAttempts)" }
        if let bootstrapStart { text += ",\"bootstrap_start_time\":\"\(bootstrapStart.formatted(.iso8601))\"" }
        return Array((text + "}").utf8)
    }

    private static func certificate(pem: Data) throws -> X509Authority {
        let certificates = try X509Authority.parse(pem: Array(pem))
        guard certificates.count == 1, let certificate = certificates.first else {
            throw AgentError(.storage, "an element holds \(certificates.count) certificates instead of one")
        }
        return certificate
    }
}
