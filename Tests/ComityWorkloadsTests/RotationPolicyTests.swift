// SPDX-License-Identifier: Apache-2.0

import ComityWorkloads
import Foundation
import Testing

@Suite struct RotationPolicyTests {
    private static let hour: TimeInterval = 3600

    @Test(arguments: [
        // lifetime, random, rotation after the start
        (3600.0, 0.5, 1800.0), (3600, 0, 1980), (3600, 1, 1620), (30, 0.5, 15), (30, 1, 13.5),
    ])
    func rotatesAtHalfLifeGiveOrTakeATenth(lifetime: TimeInterval, random: Double, expected: TimeInterval) {
        let time = RotationPolicy().rotationTime(
            notBefore: start, notAfter: start.addingTimeInterval(lifetime), random: random)

        #expect(abs(time.timeIntervalSince(start) - expected) < 0.001)
    }

    @Test(arguments: [
        // lifetime in hours, kept, random, hours that remain at rotation
        (48.0, true, 0.0, 24.0), (48, true, 1, 24 + 1.0 / 6), (36.1, true, 0, 24), (36, false, 0.5, 18),
    ])
    func keepsAvailabilityWhenTheLifetimeAllows(lifetime: Double, kept: Bool, random: Double, remaining: Double) {
        let policy = RotationPolicy(availabilityTarget: 24 * Self.hour)
        let end = start.addingTimeInterval(lifetime * Self.hour)

        let time = policy.rotationTime(notBefore: start, notAfter: end, random: random)

        #expect(policy.canKeepAvailability(lifetime: lifetime * Self.hour) == kept)
        #expect(abs(end.timeIntervalSince(time) - remaining * Self.hour) < 0.01)
    }
}
