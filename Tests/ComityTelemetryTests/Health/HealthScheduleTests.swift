// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import Foundation
import Testing

@Suite struct HealthScheduleTests {
    private let start = Date(timeIntervalSince1970: 1_000_000)
    private let bad = HealthStatus(isLive: true, isReady: false, details: ["get_bundle_err": "no"])

    @Test func isNeitherLiveNorReadyBeforeTheFirstChecks() {
        var schedule = HealthSchedule(checks: ["a", "b"])
        #expect(!schedule.isLive)
        #expect(!schedule.isReady)
        _ = schedule.finished("a", .healthy, at: start)
        #expect(!schedule.isReady)
        _ = schedule.finished("b", .healthy, at: start)
        #expect(schedule.isLive)
        #expect(schedule.isReady)
    }

    @Test func checksEachSecondUntilAllWereGoodAndThenEachMinute() {
        var schedule = HealthSchedule(checks: ["a", "b"])
        #expect(schedule.interval(after: "a") == 1)
        _ = schedule.finished("a", .healthy, at: start)
        #expect(schedule.interval(after: "a") == 1)
        _ = schedule.finished("b", .healthy, at: start)
        #expect(schedule.interval(after: "a") == 60)
        #expect(schedule.interval(after: "b") == 60)
    }

    @Test func checksWhatFailsEachSecondAgain() {
        var schedule = HealthSchedule(checks: ["a", "b"])
        _ = schedule.finished("a", .healthy, at: start)
        _ = schedule.finished("b", .healthy, at: start)
        _ = schedule.finished("a", bad, at: start)
        #expect(schedule.interval(after: "a") == 1)
        #expect(schedule.interval(after: "b") == 60)
        #expect(schedule.isLive)
        #expect(!schedule.isReady)
        _ = schedule.finished("a", .healthy, at: start)
        #expect(schedule.interval(after: "a") == 60)
        #expect(schedule.isReady)
    }

    @Test func tellsAFailureOnceAMinuteAndTheRecoveryWithItsCount() {
        var schedule = HealthSchedule(checks: ["a"])
        #expect(schedule.finished("a", .healthy, at: start).isEmpty)
        #expect(
            schedule.finished("a", bad, at: start) == [
                .hasFailed(check: "a", problem: "subsystem is not ready"),
                .failed(check: "a", details: ["get_bundle_err": "no"], problem: "subsystem is not ready"),
            ])
        for second in 1..<60 {
            #expect(schedule.finished("a", bad, at: start + Double(second)).isEmpty)
        }
        #expect(
            schedule.finished("a", bad, at: start + 60)
                == [.hasFailed(check: "a", problem: "subsystem is not ready")])
        #expect(
            schedule.finished("a", .healthy, at: start + 61) == [
                .recovered(check: "a", details: [:], problem: "subsystem is not ready", failures: 61, duration: 61)
            ])
        #expect(schedule.finished("a", .healthy, at: start + 62).isEmpty)
    }

    @Test func saysThatAProgramStillStarts() {
        var schedule = HealthSchedule(checks: ["a"])
        let dead = HealthStatus(isLive: false, isReady: false)
        #expect(
            schedule.finished("a", dead, at: start).first
                == .hasFailedWhileStarting(check: "a", problem: "subsystem is not live or ready"))
    }

    @Test func takesNothingFromACheckItDoesNotKnow() {
        var schedule = HealthSchedule(checks: ["a"])
        #expect(schedule.finished("b", bad, at: start).isEmpty)
        #expect(schedule.details.keys.sorted() == ["a"])
    }
}
