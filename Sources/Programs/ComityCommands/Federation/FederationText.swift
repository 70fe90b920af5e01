// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ServerAPIProtos

/// Relationships for people: SPIRE's fields, then what polling has taught, where the server tells it.
enum FederationText {
    private static let width = 26

    static func block(_ relationship: Spire_Api_Types_FederationRelationship) -> String {
        let lines =
            line("Trust domain", relationship.trustDomain)
            + line("Bundle endpoint URL", relationship.bundleEndpointURL)
        return switch relationship.bundleEndpointProfile {
        case .httpsWeb: lines + line("Bundle endpoint profile", "https_web")
        case .httpsSpiffe(let profile):
            lines + line("Bundle endpoint profile", "https_spiffe")
                + line("Endpoint SPIFFE ID", profile.endpointSpiffeID)
        case nil: lines
        }
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
        let words =
            switch distance {
            case ..<0: "\(span(-distance)) ago"
            case 0: "now"
            default: "in \(span(distance))"
            }
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
