// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import Testing

@Suite struct PollScheduleTests {
    @Test(
        "BUNDLE-11: hint held within a minute and a day, then polled four times as often (D-21)",
        arguments: [
            (nil, 75), (0, 75), (-1, 75), (.min, 75), (1, 15), (59, 15), (60, 15), (61, 15.25), (300, 75), (600, 150),
            (86_400, 21_600), (86_401, 21_600), (.max, 21_600),
        ] as [(Int64?, TimeInterval)])
    func intervalFollowsHint(hint: Int64?, expected: TimeInterval) {
        #expect(PollSchedule.interval(hint: hint) == expected)
    }

    @Test("FED-06, BUNDLE-24: no hint means five minutes") func missingHintIsFiveMinutes() {
        #expect(PollSchedule.interval(hint: nil) == PollSchedule.interval(hint: 300))
    }

    @Test("FED-05: success waits for the interval, without jitter") func successHasNoJitter() {
        var schedule = PollSchedule()
        for step in 0..<50 {
            let now = start.adding(TimeInterval(step) * 75)
            #expect(schedule.succeeded(interval: 75, at: now) == now.adding(75))
        }
    }

    @Test(arguments: [0, 0.5, 0.999]) func failureRetriesSoonThenDoublesUpToTheInterval(random: Double) {
        var schedule = PollSchedule()
        var now = start
        var delays: [TimeInterval] = []
        for _ in 0..<7 {
            let next = schedule.failed(interval: 75, at: now, random: random)
            delays.append(next.timeIntervalSince(now))
            now = next
        }
        #expect(delays[0] == 5)
        for (index, base) in [10.0, 20, 40].enumerated() {
            #expect(abs(delays[index + 1] - base * (0.75 + 0.5 * random)) < 0.001)
        }
        let atTheInterval = delays.suffix(2)
        #expect(atTheInterval.allSatisfy { $0 == 75 })
        #expect(delays.allSatisfy { $0 <= 75 })
    }

    @Test func successStartsTheDoublingAnew() {
        var schedule = PollSchedule()
        for _ in 0..<4 { _ = schedule.failed(interval: 300, at: start, random: 0.5) }
        _ = schedule.succeeded(interval: 300, at: start)
        #expect(schedule.failed(interval: 300, at: start, random: 0.5) == start.adding(5))
    }

    @Test(
        "FED-41: at most twice the normal number of requests in any ten intervals",
        arguments: [15, 75, 150, 3600, 21_600] as [TimeInterval], 0..<8)
    func neverMoreThanTwiceTheNormalNumber(interval: TimeInterval, failuresPerSuccess: Int) {
        var schedule = PollSchedule()
        var now = start
        var attempts: [Date] = []
        for attempt in 0..<400 {
            attempts.append(now)
            let succeeds = failuresPerSuccess == 0 ? false : attempt % (failuresPerSuccess + 1) == failuresPerSuccess
            let next =
                succeeds
                ? schedule.succeeded(interval: interval, at: now)
                : schedule.failed(interval: interval, at: now, random: 0)
            #expect(next.timeIntervalSince(now) <= interval)
            now = next
        }
        for (index, first) in attempts.enumerated() {
            let end = first.adding(10 * interval)
            let count = attempts[index...].prefix { $0 < end }.count
            #expect(count <= 20)
        }
    }
}
