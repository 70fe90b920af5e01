// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE
import Testing

@testable import ComityKubernetes

struct LeaseRuleTests {
    private static let start = ContinuousClock.now
    private static let date = Date(timeIntervalSince1970: 1_700_000_000.25)

    private func rule() -> LeaseRule {
        LeaseRule(LeaderSettings(namespace: "spire", name: "lease", identity: "us"))
    }

    private func lease(_ holder: String, renewTime: String = "t1", seconds: Int64 = 15) -> LeaseRecord {
        var lease = LeaseRecord()
        (lease.holder, lease.renewTime, lease.durationSeconds, lease.transitions) = (holder, renewTime, seconds, 4)
        return lease
    }

    private func after(_ seconds: Double) -> ContinuousClock.Instant { Self.start + .seconds(seconds) }

    @Test("takes a lease that nobody made yet") func takesNew() {
        var rule = rule()
        guard case .write(let record) = rule.observed(nil, now: Self.start, date: Self.date) else {
            Issue.record("waits")
            return
        }
        #expect(record.holder == "us")
        #expect(record.durationSeconds == 15)
        #expect(record.acquireTime == "2023-11-14T22:13:20.250000Z")
        #expect(record.renewTime == record.acquireTime)
        #expect(record.transitions == 0)
        #expect(!rule.isLeader(at: Self.start))
        rule.wrote(record, attemptAt: Self.start)
        #expect(rule.isLeader(at: Self.start))
    }

    @Test("takes a lease that was given up, at once") func takesReleased() {
        var rule = rule()
        guard case .write(let record) = rule.observed(lease("", seconds: 1), now: Self.start, date: Self.date) else {
            Issue.record("waits")
            return
        }
        #expect(record.transitions == 5)
    }

    @Test("waits for as long as the lease of another one lasts from when it was first seen, whatever time it tells")
    func waitsForOthers() {
        var rule = rule()
        // Its clock is years behind, or ahead.
        for time in ["1999-01-01T00:00:00.000000Z", "2999-01-01T00:00:00.000000Z"] {
            let theirs = lease("them", renewTime: time)
            #expect(rule.observed(theirs, now: after(100), date: Self.date) == .wait)
            #expect(rule.observed(theirs, now: after(114.9), date: Self.date) == .wait)
            guard case .write = rule.observed(theirs, now: after(115), date: Self.date) else {
                Issue.record("waits for ever")
                return
            }
        }
    }

    @Test("a sign of life begins the wait anew") func signOfLife() {
        var rule = rule()
        _ = rule.observed(lease("them"), now: after(0), date: Self.date)
        #expect(rule.observed(lease("them", renewTime: "t2"), now: after(14), date: Self.date) == .wait)
        #expect(rule.observed(lease("them", renewTime: "t2"), now: after(20), date: Self.date) == .wait)
        #expect(rule.observed(lease("them", renewTime: "t2"), now: after(29), date: Self.date) != .wait)
    }

    @Test(
        "a lease is waited for as long as it says, within reason",
        arguments: [(60, 60.0), (1, 15), (0, 15), (-5, 15), (Int64.max, 3600)] as [(Int64, Double)])
    func otherDurations(says: Int64, lasts: Double) {
        var rule = rule()
        let theirs = lease("them", seconds: says)
        _ = rule.observed(theirs, now: after(0), date: Self.date)
        #expect(rule.observed(theirs, now: after(lasts - 0.5), date: Self.date) == .wait)
        #expect(rule.observed(theirs, now: after(lasts), date: Self.date) != .wait)
    }

    @Test("renewing keeps when the lease was taken and how often it changed hands") func renews() {
        var rule = rule()
        guard case .write(let taken) = rule.observed(lease(""), now: Self.start, date: Self.date) else { return }
        rule.wrote(taken, attemptAt: Self.start)
        guard case .write(let renewed) = rule.observed(taken, now: after(2), date: Self.date + 2) else {
            Issue.record("does not renew")
            return
        }
        #expect(renewed.acquireTime == taken.acquireTime)
        #expect(renewed.transitions == taken.transitions)
        #expect(renewed.renewTime == "2023-11-14T22:13:22.250000Z")
    }

    @Test("leads no longer than the renew deadline after the last attempt that worked began") func givesUp() {
        var rule = rule()
        rule.wrote(lease("us"), attemptAt: after(0))
        #expect(rule.isLeader(at: after(9.9)))
        #expect(rule.timeLimit(at: after(4)) == .seconds(6))
        #expect(!rule.isLeader(at: after(10)))
        #expect(rule.timeLimit(at: after(11)) == .seconds(10))
    }

    @Test("sees that another one leads, although its own lease should still last") func overtaken() {
        var rule = rule()
        rule.wrote(lease("us"), attemptAt: after(0))
        #expect(rule.observed(lease("them"), now: after(1), date: Self.date) == .wait)
        #expect(!rule.isLeader(at: after(1)))
        #expect(rule.release(date: Self.date) == nil)
    }

    @Test("a wall clock that steps changes nothing") func clockSteps() {
        var rule = rule()
        _ = rule.observed(lease("them"), now: after(0), date: Self.date)
        #expect(rule.observed(lease("them"), now: after(1), date: Self.date + 1e9) == .wait)
        rule.wrote(lease("us"), attemptAt: after(2))
        _ = rule.observed(lease("us"), now: after(3), date: Self.date - 1e9)
        #expect(rule.isLeader(at: after(3)))
    }

    @Test("gives up what it holds") func releases() {
        var rule = rule()
        #expect(rule.release(date: Self.date) == nil)
        rule.wrote(lease("us"), attemptAt: after(0))
        let released = rule.release(date: Self.date)
        #expect(released?.holder == "")
        #expect(released?.durationSeconds == 1)
        #expect(released?.transitions == 4)
        #expect(!rule.isLeader(at: after(0)))
    }

    @Test("keeps what a lease says besides") func unknownFields() {
        let object: JSONValue = [
            "metadata": ["name": "lease", "resourceVersion": "7"], "spec": ["strategy": "OldestEmulationVersion"],
        ]
        let written = lease("us").written(to: object)
        #expect(written["spec"]?["strategy"] == "OldestEmulationVersion")
        #expect(written["metadata"]?["resourceVersion"] == "7")
        #expect(LeaseRecord(written) == lease("us"))
        // Null is not the same as nothing to every reader.
        #expect(written["spec"]?.object?.names.contains("acquireTime") == false)
    }

    @Test("times that cannot work together are refused", arguments: [(10, 10, 2), (15, 2, 2), (15, 10, 0)])
    func badTimes(lease: Int, deadline: Int, retry: Int) {
        let settings = LeaderSettings(
            namespace: "a", name: "b", identity: "c", leaseDuration: .seconds(lease), renewDeadline: .seconds(deadline),
            retryPeriod: .seconds(retry))
        #expect(throws: KubernetesError.self) { try settings.check() }
    }
}
