// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ServerAPIProtos

/// Relationships for people: SPIRE's fields, then what polling has taught, where the server tells it.
enum FederationText {
    private static let width = 26

    static func block(_ relationship: Spire_Api_Types_FederationRelationship) -> String {
        let endpointID: String?
        let profile: String?
        switch relationship.bundleEndpointProfile {
        case .httpsWeb: (profile, endpointID) = ("https_web", nil)
        case .httpsSpiffe(let spiffe): (profile, endpointID) = ("https_spiffe", spiffe.endpointSpiffeID)
        case nil: (profile, endpointID) = (nil, nil)
        }
        return block(
            trustDomain: relationship.trustDomain, url: relationship.bundleEndpointURL, profile: profile,
            endpointID: endpointID)
    }

    /// The fields of a relationship that only the configuration file names.
    static func block(_ status: Comity_Federation_V1_RelationshipStatus) -> String {
        block(
            trustDomain: status.trustDomain, url: status.bundleEndpointURL, profile: status.bundleEndpointProfile,
            endpointID: status.endpointSpiffeID.isEmpty ? nil : status.endpointSpiffeID)
    }

    /// - Parameters:
    ///   - status: `nil` when the server cannot tell.
    ///   - now: In seconds since 1970.
    static func statusLines(_ status: Comity_Federation_V1_RelationshipStatus?, now: Int64) -> String {
        guard let status else { return line("Refresh status", "unknown (this server does not tell)") }
        return [
            line("Configured by", status.isStatic ? "configuration file" : "command"),
            line("Last refresh", time(status.lastSuccessAt, never: "never", now: now)),
            line("Last attempt", time(status.lastAttemptAt, never: "never", now: now)),
            line("Last error", error(status)),
            line("Next attempt", time(status.nextAttemptAt, never: "unknown", now: now)),
            line("Sequence number", status.sequenceNumber == 0 ? "none" : "\(status.sequenceNumber)"),
            line("First authority ends", time(status.earliestAuthorityExpiresAt, never: "no bundle stored", now: now)),
        ].joined()
    }

    private static func block(trustDomain: String, url: String, profile: String?, endpointID: String?) -> String {
        var lines = line("Trust domain", trustDomain) + line("Bundle endpoint URL", url)
        if let profile { lines += line("Bundle endpoint profile", profile) }
        if let endpointID { lines += line("Endpoint SPIFFE ID", endpointID) }
        return lines
    }

    private static func error(_ status: Comity_Federation_V1_RelationshipStatus) -> String {
        switch status.lastErrorClass {
        case .unspecified: return status.lastAttemptAt == 0 ? "none" : "unknown"
        case .none: return "none"
        default:
            let count = status.consecutiveFailures > 1 ? " (\(status.consecutiveFailures) failures in a row)" : ""
            return "\(name(of: status.lastErrorClass)): \(status.lastError)\(count)"
        }
    }

    private static func name(of errorClass: Comity_Federation_V1_ErrorClass) -> String {
        switch errorClass {
        case .dns: "DNS"
        case .connect: "connect"
        case .tlsIdentity: "TLS identity"
        case .timeout: "timeout"
        case .redirect: "redirect"
        case .httpStatus: "HTTP status"
        case .tooLarge: "too large"
        case .document: "document"
        case .rollback: "rollback"
        case .sharedKey: "shared key"
        case .noBundle: "no bundle"
        case .store: "store"
        default: "error"
        }
    }

    private static func time(_ seconds: Int64, never: String, now: Int64) -> String {
        guard seconds != 0 else { return never }
        let distance = seconds - now
        let words = distance < 0 ? "\(span(-distance)) ago" : "in \(span(distance))"
        return "\(GoTime.rfc3339(seconds)) (\(words))"
    }

    /// The largest two units, as `1h5m` or `12s`.
    private static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<60: "\(seconds)s"
        case ..<3600: "\(seconds / 60)m\(seconds % 60)s"
        case ..<86_400: "\(seconds / 3600)h\(seconds / 60 % 60)m"
        default: "\(seconds / 86_400)d\(seconds / 3600 % 24)h"
        }
    }

    private static func line(_ label: String, _ value: String) -> String {
        "\(label.padded(to: width)): \(value)\n"
    }
}
