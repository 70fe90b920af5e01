// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Whether an SVID lives as long as it was asked to.
enum MintLifetime {
    /// A server would take less than nothing for its own default.
    ///
    /// - Throws: ``CommandError`` with code `input`.
    static func check(_ asked: Duration) throws(CommandError) {
        guard asked >= .zero else {
            throw CommandError(.input, "a positive TTL is required", cure: "leave -ttl out for the server's default")
        }
    }

    /// - Parameters:
    ///   - kind: `X509-SVID` or `JWT-SVID`.
    ///   - expiresAt: In seconds since 1970.
    /// - Returns: What to tell when the lifetime was cut short.
    static func warning(_ kind: String, expiresAt: Int64, asked: Duration, at now: Date) -> String? {
        guard Double(expiresAt) - now.timeIntervalSince1970 < asked / .seconds(1) - 1 else { return nil }
        return "\(kind) lifetime was capped shorter than specified ttl; expires \"\(GoTime.rfc3339(expiresAt))\"\n"
    }
}
