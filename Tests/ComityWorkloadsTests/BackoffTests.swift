// SPDX-License-Identifier: Apache-2.0

import ComityWorkloads
import Foundation
import Testing

@Suite struct BackoffTests {
    @Test func growsByHalfUpToTheMaximum() {
        var backoff = Backoff(initial: 4, maximum: 10)

        let waits = (0..<5).map { _ in backoff.attemptFailed(now: start, random: 0.5) }

        #expect(waits == [4, 6, 9, 10, 10])
    }

    @Test func startsOverAfterSuccess() {
        var backoff = Backoff(initial: 4, maximum: 10)
        _ = backoff.attemptFailed(now: start, random: 0.5)
        backoff.attemptSucceeded()

        #expect(backoff.attemptFailed(now: start, random: 0.5) == 4)
    }

    @Test(arguments: [(0.0, 9.0), (1.0, 11.0)])
    func spreadsByATenth(random: Double, expected: TimeInterval) {
        var backoff = Backoff(initial: 10, maximum: 100)

        #expect(backoff.attemptFailed(now: start, random: random) == expected)
    }

    @Test(arguments: [(5.0, 240.0), (1, 48), (60, 480), (600, 600)])
    func syncCapFollowsTheInterval(interval: TimeInterval, cap: TimeInterval) {
        var backoff = Backoff.sync(interval: interval)

        let waits = (0..<40).map { _ in backoff.attemptFailed(now: start, random: 0.5) }

        #expect(waits.first == interval)
        #expect(waits.last == cap)
    }

    @Test func startIsGivenUpAfterAMinute() {
        var backoff = Backoff.start
        var elapsed: TimeInterval = 0
        var attempts = 1
        while let wait = backoff.attemptFailed(now: start.addingTimeInterval(elapsed), random: 0.5) {
            elapsed += wait
            attempts += 1
            guard attempts < 100 else { break }
        }

        // 5 + 7.5 + 11.25 + 16.875 = 40.625; the next wait of 25.3 would end after the minute.
        #expect(attempts == 5)
        #expect(abs(elapsed - 40.625) < 0.001)
    }
}
