// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// When authorities are prepared and activated, in SPIRE's proportions.
package struct RotationSchedule: Hashable, Sendable {
    private static let day: TimeInterval = 86400
    private static let longestPreparation = 30 * day
    private static let longestReserve = 7 * day

    /// How often partners look for new keys, in seconds: the refresh hint of the bundle.
    package var refreshHint: TimeInterval

    package init(refreshHint: TimeInterval) {
        self.refreshHint = refreshHint
    }

    /// After this the authority's successor is prepared.
    package func preparation(after authority: AuthorityRecord) -> Date {
        authority.expiresAt - min(authority.lifetime / 2, Self.longestPreparation)
    }

    /// After this the successor takes over.
    ///
    /// That is a sixth of the life before the end, so that SVIDs of that length are never cut short. A successor that
    /// was prepared late is first given three refresh hints to become known to partners (Federation §4.1), for as long
    /// as half of the reserve is left.
    package func activation(of successor: AuthorityRecord, after authority: AuthorityRecord) -> Date {
        let reserve = min(authority.lifetime / 6, Self.longestReserve)
        let known = successor.issuedAt + 3 * refreshHint
        return min(max(authority.expiresAt - reserve, known), authority.expiresAt - reserve / 2)
    }

    /// The longest SVID that an authority of the given life always has time for.
    package static func longestSVIDTTL(authorityTTL: TimeInterval) -> TimeInterval {
        min(authorityTTL / 6, longestReserve)
    }
}

extension AuthorityRecord {
    var lifetime: TimeInterval { expiresAt.timeIntervalSince(issuedAt) }
}
