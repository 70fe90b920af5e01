// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import SPIFFE
import Testing

@Suite struct BundleClientStateTests {
    let beta: TrustDomain
    let gamma: TrustDomain

    init() throws {
        beta = try TrustDomain("beta.test")
        gamma = try TrustDomain("gamma.test")
    }

    @Test(
        "FED-05: steady state polls four times in the time of the hint; FED-06, S10: every 75 s without one",
        arguments: [(60, 15), (300, 75), (nil, 75)] as [(Int64?, TimeInterval)])
    func pollsAtAQuarterOfTheHint(hint: Int64?, interval: TimeInterval) throws {
        var simulation = try FederationSimulation()
        let answer = try bundle("beta.test", sequence: 1, hint: hint)
        simulation.answers[beta] = { _ in .bundle(answer, after: 0) }
        simulation.relate(dynamic: [try relationship("beta.test")])
        simulation.run(for: 10 * interval)
        let times = simulation.requests.map { $0.date.timeIntervalSince(start) }
        #expect(times == (0...10).map { TimeInterval($0) * interval })
    }

    @Test func aPartnerIsPolledByTheServerThatHasTheLease() throws {
        var state = BundleClientState(ownTrustDomain: try TrustDomain("alpha.test")) { 0 }
        let partner = try relationship("beta.test")
        #expect(state.leased([], at: start).isEmpty)
        let managed = state.relationshipsRead(static: [], dynamic: [partner], at: start)
        #expect(managed == [.log(.managed(partner))])
        #expect(state.tick(at: start.addingTimeInterval(3600)).isEmpty)
        #expect(state.nextAttempt == nil)
        let stored = try bundle("beta.test", sequence: 1)
        #expect(state.bundleRead(stored, of: beta, at: start).isEmpty)

        // The other server died.
        let takingOver = state.leased([beta], at: start)
        #expect(takingOver.count { if case .startFetch = $0 { true } else { false } } == 1)
        #expect(state.leased([beta], at: start).isEmpty)
    }

    @Test func anOperatorsRefreshNeedsNoLease() throws {
        var state = BundleClientState(ownTrustDomain: try TrustDomain("alpha.test")) { 0 }
        _ = state.leased([], at: start)
        _ = state.relationshipsRead(static: [], dynamic: [try relationship("beta.test")], at: start)
        let refreshed = state.refresh(beta, at: start) ?? []
        #expect(refreshed.count { if case .startFetch = $0 { true } else { false } } == 1)
    }

    @Test func aChangeByAnAttemptThatIsGivenUpIsLoggedByTheNext() throws {
        var state = BundleClientState(ownTrustDomain: try TrustDomain("alpha.test")) { 0 }
        func attempt(of actions: [BundleClientAction]) throws -> FetchAttempt {
            for case .startFetch(let attempt) in actions { return attempt }
            throw CancellationError()
        }
        let answer = try bundle("beta.test", sequence: 1, hint: 300)
        let givenUp = try attempt(
            of: state.relationshipsRead(static: [], dynamic: [try relationship("beta.test")], at: start))
        _ = state.fetched(.success(answer), in: givenUp, at: start)
        let current = try attempt(of: state.refresh(beta, at: start) ?? [])
        #expect(state.judged(answer, as: .store, in: givenUp, at: start).isEmpty)
        _ = state.fetched(.success(answer), in: current, at: start)
        let actions = state.judged(answer, as: .unchanged, in: current, at: start)
        #expect(actions.contains(.log(.refreshed(beta, changed: true, next: start.addingTimeInterval(75)))))
    }

    @Test func unchangedBundlesAreNotWrittenButLogged() throws {
        var simulation = try FederationSimulation()
        let answer = try bundle("beta.test", sequence: 1, hint: 300)
        simulation.answers[beta] = { _ in .bundle(answer, after: 0) }
        simulation.relate(dynamic: [try relationship("beta.test")])
        simulation.run(for: 300)
        #expect(simulation.writes == 1)
        let changes = simulation.notices.compactMap { notice -> Bool? in
            guard case .refreshed(_, let changed, _) = notice else { return nil }
            return changed
        }
        #expect(changes == [true, false, false, false, false])
    }

    @Test("FED-15: static wins over dynamic, once, and says so") func staticWinsOverDynamic() throws {
        var simulation = try FederationSimulation()
        let configured = try relationship("beta.test", url: "https://static:1")
        let dynamic = try relationship("beta.test", url: "https://dynamic:1")
        simulation.relate(static: [configured], dynamic: [dynamic])
        simulation.relate(static: [configured], dynamic: [dynamic])
        #expect(simulation.requests.map(\.attempt.relationship) == [configured])
        #expect(simulation.notices.count { $0 == .shadowed(beta) } == 1)
        simulation.relate(dynamic: [dynamic])
        #expect(simulation.requests.last?.attempt.relationship == dynamic)
    }

    @Test("S52: the own trust domain is never polled") func neverPollsOwnTrustDomain() throws {
        var simulation = try FederationSimulation()
        let own = try relationship("alpha.test")
        simulation.relate(static: [own], dynamic: [own])
        simulation.relate(static: [own])
        simulation.run(for: 3600)
        #expect(simulation.requests.isEmpty)
        #expect(simulation.notices.count { $0 == .ownTrustDomain(own.trustDomain) } == 1)
    }

    @Test func changedURLIsPolledAtOnceAndGivesUpTheOldFetch() throws {
        var simulation = try FederationSimulation()
        simulation.relate(dynamic: [try relationship("beta.test", url: "https://old:1")])
        simulation.run(for: 1)
        let moved = try relationship("beta.test", url: "https://new:1")
        simulation.relate(dynamic: [moved])
        #expect(simulation.cancelled == simulation.requests.prefix(1).map(\.attempt))
        #expect(simulation.requests.map(\.date) == [start, start.adding(1)])
        #expect(simulation.notices.contains(.updated(moved)))
    }

    @Test func resultOfAnOldEndpointIsDropped() throws {
        var simulation = try FederationSimulation()
        let old = try bundle("beta.test", keys: ["old"])
        simulation.answers[beta] = { _ in .bundle(old, after: 5) }
        simulation.relate(dynamic: [try relationship("beta.test", url: "https://old:1")])
        simulation.answers[beta] = { _ in .silence }
        simulation.relate(dynamic: [try relationship("beta.test", url: "https://new:1")])
        simulation.run(for: 10)
        #expect(simulation.bundles[beta] == nil)
    }

    @Test("FED-09: what the operator set is polled at once and replaced, what polling stored is not")
    func operatorsBundleIsPolledAtOnceAndPollingsOwnIsNot() throws {
        var simulation = try FederationSimulation()
        let polled = try bundle("beta.test", keys: ["polled"], sequence: 5, hint: 300)
        simulation.answers[beta] = { _ in .bundle(polled, after: 0) }
        simulation.relate(dynamic: [try relationship("beta.test")])
        simulation.run(for: 10)
        #expect(simulation.requestCount(beta) == 1)
        simulation.setBundle(try bundle("beta.test", keys: ["set"], sequence: 2))
        #expect(simulation.requestCount(beta) == 2)
        simulation.run(for: 10)
        #expect(simulation.requestCount(beta) == 2)
        #expect(simulation.bundles[beta] == polled)
    }

    @Test func bundlesThatComeOutOtherwiseAreNoStorm() throws {
        var simulation = try FederationSimulation()
        let polled = try bundle("beta.test", keys: ["a", "b"], hint: 300)
        simulation.answers[beta] = { _ in .bundle(polled, after: 0) }
        simulation.relate(dynamic: [try relationship("beta.test")])
        for _ in 0..<100 {
            simulation.run(for: 0.1)
            simulation.setBundle(try bundle("beta.test", keys: ["a"], hint: 300))
        }
        let times = simulation.requests.map { $0.date.timeIntervalSince(start).rounded() }
        #expect(times == [0, 5, 10])
        simulation.run(for: 5)
        #expect(simulation.bundles[beta] == polled)
    }

    @Test("S12: without a bundle it fails, and heals when one is set") func missingBundleHealsBySettingIt() throws {
        var simulation = try FederationSimulation()
        simulation.answers[beta] = { _ in .failure(FederationFailure(.noBundle, "no bundle"), after: 0) }
        simulation.relate(dynamic: [try relationship("beta.test")])
        simulation.run(for: 600)
        #expect(simulation.statuses[beta]?.lastFailure?.class == .noBundle)
        let answer = try bundle("beta.test", keys: ["polled"])
        simulation.answers[beta] = { _ in .bundle(answer, after: 0) }
        let before = simulation.requestCount(beta)
        simulation.setBundle(try bundle("beta.test", keys: ["set"]))
        #expect(simulation.requestCount(beta) == before + 1)
        simulation.run(for: 1)
        #expect(simulation.statuses[beta]?.lastFailure == nil)
        #expect(simulation.bundles[beta] == answer)
    }

    @Test("FED-37: a partner served by another one waits for that one's bundle") func endpointOfAnotherTrustDomain()
        throws
    {
        var simulation = try FederationSimulation()
        simulation.answers[beta] = { _ in .failure(FederationFailure(.noBundle, "no bundle"), after: 0) }
        simulation.answers[gamma] = { _ in .failure(refused, after: 0) }
        simulation.relate(dynamic: [
            try relationship("beta.test", servedBy: "delta.test"), try relationship("gamma.test"),
        ])
        simulation.run(for: 1)
        simulation.setBundle(try bundle("delta.test"))
        #expect(simulation.requestCount(beta) == 2)
        #expect(simulation.requestCount(gamma) == 1)
    }

    @Test("D-22: a rollback is refused and the stored bundle stays") func rollbackIsRefused() throws {
        var simulation = try FederationSimulation()
        let new = try bundle("beta.test", keys: ["new"], sequence: 7, hint: 300)
        let old = try bundle("beta.test", keys: ["old"], sequence: 6, hint: 300)
        simulation.answers[beta] = { $0 < start.adding(75) ? .bundle(new, after: 0) : .bundle(old, after: 0) }
        simulation.relate(dynamic: [try relationship("beta.test")])
        simulation.run(for: 100)
        #expect(simulation.bundles[beta] == new)
        #expect(simulation.statuses[beta]?.lastFailure?.class == .rollback)
        #expect(simulation.statuses[beta]?.sequenceNumber == 6)
        #expect(simulation.outcomes.contains { $0.outcome != .refreshed })

        // An operator's set gets past it.
        simulation.setBundle(try bundle("beta.test", keys: ["set"], sequence: 1))
        simulation.run(for: 1)
        #expect(simulation.bundles[beta] == old)
    }

    @Test("FED-42: removal gives up the fetch and ends the polling") func removalCancelsTheFetchAndEndsPolling() throws
    {
        var simulation = try FederationSimulation()
        simulation.relate(dynamic: [try relationship("beta.test")])
        simulation.relate()
        #expect(simulation.cancelled == simulation.requests.map(\.attempt))
        #expect(simulation.outcomes.map(\.outcome) == [.removed])
        #expect(simulation.notices.suffix(2) == [.noLongerManaged(beta), .noLongerPolling(beta)])
        simulation.run(for: 3600)
        #expect(simulation.requests.count == 1)
        #expect(simulation.statuses[beta] == nil)
    }

    @Test func refreshGivesUpAFetchInFlight() throws {
        var simulation = try FederationSimulation()
        simulation.relate(dynamic: [try relationship("beta.test")])
        let isKnown = simulation.refresh(beta)
        #expect(isKnown)
        #expect(simulation.cancelled.count == 1)
        #expect(simulation.requests.count == 2)
        let isManaged = simulation.refresh(gamma)
        #expect(!isManaged)
    }

    @Test("FED-41: a failed first poll with a bundle set by hand is retried soon") func failureAfterBootstrap() throws {
        var simulation = try FederationSimulation()
        simulation.answers[beta] = { _ in .failure(refused, after: 0) }
        simulation.setBundle(try bundle("beta.test"))
        simulation.relate(dynamic: [try relationship("beta.test")])
        simulation.run(for: 3600)
        let times = simulation.requests.map { $0.date.timeIntervalSince(start) }
        #expect(times.prefix(5) == [0, 5, 15, 35, 75])
        let gaps = zip(times.dropFirst(), times).map { $0 - $1 }
        #expect(gaps.allSatisfy { $0 <= 75 })
        let status = try #require(simulation.statuses[beta])
        #expect(status.consecutiveFailures == UInt32(times.count))
        #expect(status.lastSuccess == nil)
        #expect(status.lastFailure == refused)
    }

    @Test func clockSetBackDoesNotStopPolling() throws {
        var simulation = try FederationSimulation()
        let answer = try bundle("beta.test", hint: 300)
        simulation.answers[beta] = { _ in .bundle(answer, after: 0) }
        simulation.relate(dynamic: [try relationship("beta.test")])
        simulation.run(for: 1)
        let yesterday = start.adding(-200_000)
        let actions = simulation.state.tick(at: yesterday)
        #expect(actions.contains(.log(.polling(beta))))
    }

    @Test("S50: stuck, failing and flapping partners cost only themselves") func partnersDoNotHoldUpEachOther() throws {
        var simulation = try FederationSimulation()
        let names = ["stuck", "down", "flapping", "slow", "rotating", "good"].map { "\($0).test" }
        let partners = try names.map { try relationship($0) }
        let good = try bundle("good.test", sequence: 1, hint: 300)
        let slow = try bundle("slow.test", sequence: 1, hint: 300)
        let flapping = try bundle("flapping.test", sequence: 1, hint: 300)
        simulation.answers[partners[1].trustDomain] = { _ in .failure(refused, after: 0.1) }
        simulation.answers[partners[2].trustDomain] = { now in
            Int(now.timeIntervalSince(start)) / 200 % 2 == 0 ? .failure(refused, after: 1) : .bundle(flapping, after: 1)
        }
        simulation.answers[partners[3].trustDomain] = { _ in .bundle(slow, after: 9.9) }
        simulation.answers[partners[4].trustDomain] = { now in
            let step = UInt64(now.timeIntervalSince(start) / 100)
            let rotated = try? bundle("rotating.test", keys: ["key\(step)"], sequence: step + 1, hint: 300)
            return rotated.map { .bundle($0, after: 0) } ?? .silence
        }
        simulation.answers[partners[5].trustDomain] = { _ in .bundle(good, after: 0) }
        simulation.relate(dynamic: partners)
        simulation.run(for: 7500)

        #expect(simulation.requestCount(partners[0].trustDomain) == 1)
        #expect(simulation.requestCount(partners[5].trustDomain) == 101)
        let goodTimes = simulation.requests.filter { $0.attempt.trustDomain == partners[5].trustDomain }
            .map { $0.date.timeIntervalSince(start) }
        #expect(goodTimes == (0...100).map { TimeInterval($0) * 75 })
        for trustDomain in partners.map(\.trustDomain) {
            expectAtMostTwiceTheNormalNumber(of: simulation.requests, for: trustDomain)
        }
        let rotating = simulation.bundles[partners[4].trustDomain]
        #expect(rotating?.jwtAuthorities.map(\.keyID) == ["key75"])

        simulation.relate(dynamic: Array(partners.dropFirst()))
        #expect(simulation.cancelled.map(\.trustDomain) == [partners[0].trustDomain])
    }

    private func expectAtMostTwiceTheNormalNumber(
        of requests: [(date: Date, attempt: FetchAttempt)], for trustDomain: TrustDomain
    ) {
        let dates = requests.filter { $0.attempt.trustDomain == trustDomain }.map(\.date)
        for (index, first) in dates.enumerated() {
            #expect(dates[index...].prefix { $0 < first.adding(750) }.count <= 20)
        }
    }
}
