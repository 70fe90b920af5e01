// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// When an SVID is replaced before it ends, on SPIRE's schedule.
package struct RotationPolicy: Hashable, Sendable {
    /// How far the half-life is spread, so that SVIDs made together are not renewed together.
    private static let spread = 0.1
    private static let availabilityGrace: TimeInterval = 12 * 60 * 60
    private static let availabilitySpread: TimeInterval = 10 * 60

    /// How long an SVID must still be valid at any time; `nil` leaves it to the half-life.
    package var availabilityTarget: TimeInterval?

    package init(availabilityTarget: TimeInterval? = nil) {
        self.availabilityTarget = availabilityTarget
    }

    /// Whether an SVID of this length can both be rotated at leisure and keep the availability target.
    package func canKeepAvailability(lifetime: TimeInterval) -> Bool {
        guard let availabilityTarget else { return true }
        return lifetime - availabilityTarget > Self.availabilityGrace
    }

    /// The time from which on a new SVID is to be had.
    ///
    /// - Parameter random: Drawn once per SVID, from 0 up to 1.
    package func rotationTime(notBefore: Date, notAfter: Date, random: Double) -> Date {
        let lifetime = notAfter.timeIntervalSince(notBefore)
        if let availabilityTarget, canKeepAvailability(lifetime: lifetime) {
            return notAfter.addingTimeInterval(-(availabilityTarget + Self.availabilitySpread * random))
        }
        return notAfter.addingTimeInterval(-lifetime / 2 * (1 + Self.spread * (2 * random - 1)))
    }
}
