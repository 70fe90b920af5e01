// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import Logging
import SPIFFE
import Testing

@Suite(.timeLimit(.minutes(1))) struct BundleClientTests {
    private let fixture: BundleClientFixture

    init() throws {
        fixture = try BundleClientFixture()
    }

    private func bundle(keys: [String] = ["a"], sequence: UInt64? = 1, hint: Int64? = 300) throws -> SPIFFEBundle {
        try .fixture(of: fixture.beta, keys: keys, sequence: sequence, hint: hint)
    }

    @Test("FED-07: a relationship of the store is polled as soon as it is there") func pollsNewRelationship()
        async throws
    {
        fixture.fetcher.answer(try bundle())
        try await fixture.run { client in
            try await fixture.store.createRelationship(fixture.relationship(fixture.beta), bundle: nil)
            try await client.refreshBundle(of: fixture.beta)
            let stored = try await fixture.storedBundle(of: fixture.beta)
            let expected = try bundle()
            #expect(stored == expected)
            let status = try #require(try await fixture.status(of: fixture.beta))
            #expect(status.lastFailure == nil)
            #expect(status.sequenceNumber == 1)
            #expect(status.lastSuccess != nil && status.nextAttempt != nil)
        }
    }

    @Test("BUNDLE-16: a first bundle without keys is stored too") func storesEmptyFirstBundle() async throws {
        fixture.fetcher.answer(fixture.beta, .document(Array("{\"keys\":[]}".utf8)))
        try await fixture.run(static: [fixture.relationship(fixture.beta)]) { client in
            try await client.refreshBundle(of: fixture.beta)
            #expect(try await fixture.storedBundle(of: fixture.beta) == SPIFFEBundle(trustDomain: fixture.beta))
        }
        #expect(fixture.log.lines("Bundle refreshed").first?.metadata["changed"] == "true")
    }

    @Test("S9: SPIRE's lines with their fields") func logsSPIREsLines() async throws {
        fixture.fetcher.answer(try bundle())
        let relationship = fixture.relationship(fixture.beta)
        try await fixture.run(static: [relationship]) { client in
            try await client.refreshBundle(of: fixture.beta)
            try await client.refreshBundle(of: fixture.beta)
        }
        let managed = try #require(fixture.log.lines("Trust domain is now managed").first)
        #expect(managed.level == .info)
        #expect(
            managed.metadata == [
                "subsystem_name": "bundle_client", "trust_domain": "beta.test",
                "bundle_endpoint_url": "https://partner.test", "bundle_endpoint_profile": "https_web",
            ])
        let refreshed = fixture.log.lines("Bundle refreshed")
        #expect(refreshed.last?.level == .info)
        #expect(refreshed.last?.metadata["trust_domain"] == "beta.test")
        #expect(refreshed.last?.metadata["changed"] == "false")
        let scheduled = try #require(fixture.log.lines("Scheduling next bundle refresh").last)
        #expect(scheduled.level == .debug)
        #expect(scheduled.metadata["at"] == refreshed.last?.metadata["next_refresh"])
        #expect(scheduled.metadata["at"]?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
        #expect(fixture.log.lines("Polling for bundle update").last?.level == .debug)
    }

    @Test("FED-45: the log has trust domain, URL and outcome of the fetches") func logsEachFetch() async throws {
        fixture.fetcher.answer(try bundle())
        try await fixture.run(static: [fixture.relationship(fixture.beta)]) { client in
            try await client.refreshBundle(of: fixture.beta)
            fixture.fetcher.answer(fixture.beta, .failure(FederationFailure(.dns, "lookup partner.test: no such host")))
            await #expect(throws: FederationFailure.self) { try await client.refreshBundle(of: fixture.beta) }
        }
        let managed = try #require(fixture.log.lines("Trust domain is now managed").first)
        #expect(managed.metadata["trust_domain"] == "beta.test")
        #expect(managed.metadata["bundle_endpoint_url"] == "https://partner.test")
        let refreshed = try #require(fixture.log.lines("Bundle refreshed").first)
        #expect(refreshed.level == .info)
        #expect(refreshed.metadata["trust_domain"] == "beta.test")
        let failed = try #require(fixture.log.lines("Error updating bundle").first)
        #expect(failed.level == .error)
        #expect(failed.metadata["trust_domain"] == "beta.test")
        #expect(failed.metadata["error"]?.contains("no such host") == true)
    }

    @Test func unchangedBundleIsNotWritten() async throws {
        fixture.fetcher.answer(try bundle())
        try await fixture.run(static: [fixture.relationship(fixture.beta)]) { client in
            try await client.refreshBundle(of: fixture.beta)
            let changes = fixture.store.changes()
            for _ in 0..<3 { try await client.refreshBundle(of: fixture.beta) }
            // The first change that is told of is this one.
            try await fixture.store.setBundle(BundleRecord(try .fixture(of: fixture.gamma)))
            var iterator = changes.makeAsyncIterator()
            #expect(await iterator.next() == .bundle(fixture.gamma))
        }
    }

    @Test("S24: a rollback is refused, logged and remembered; D-22: bundle set gets past it")
    func refusesRollback() async throws {
        fixture.fetcher.answer(try bundle(keys: ["new"], sequence: 7))
        try await fixture.run(static: [fixture.relationship(fixture.beta)]) { client in
            try await client.refreshBundle(of: fixture.beta)
            let old = try bundle(keys: ["old"], sequence: 6)
            fixture.fetcher.answer(old)
            let failure = try await #require(
                #expect(throws: FederationFailure.self) { try await client.refreshBundle(of: fixture.beta) })
            #expect(failure.class == .rollback)
            #expect(try await fixture.storedBundle(of: fixture.beta)?.sequenceNumber == 7)
            #expect(try await fixture.status(of: fixture.beta)?.lastFailure?.class == .rollback)
            let line = try #require(fixture.log.lines("Error updating bundle").first)
            #expect(line.level == .error)
            #expect(line.metadata["error"]?.contains("lower than 7") == true)

            // Without anybody asking for it, the endpoint is asked again at once.
            try await fixture.store.setBundle(BundleRecord(try bundle(keys: ["set"], sequence: 1)))
            try await fixture.waitForStore { try await fixture.storedBundle(of: fixture.beta) == old }
        }
    }

    @Test func refusesAKeyOfAnotherTrustDomain() async throws {
        try await fixture.store.setBundle(BundleRecord(try .fixture(of: fixture.gamma, keys: ["theirs"])))
        fixture.fetcher.answer(try bundle(keys: ["own"], sequence: 7))
        try await fixture.run(static: [fixture.relationship(fixture.beta)]) { client in
            try await client.refreshBundle(of: fixture.beta)
            var stealing = try SPIFFEBundle.fixture(of: fixture.gamma, keys: ["theirs"], sequence: 8)
            stealing.trustDomain = fixture.beta
            fixture.fetcher.answer(stealing)
            await #expect(throws: FederationFailure.self) { try await client.refreshBundle(of: fixture.beta) }
            #expect(try await fixture.storedBundle(of: fixture.beta)?.sequenceNumber == 7)
            #expect(try await fixture.status(of: fixture.beta)?.lastFailure?.class == .sharedKey)
        }
    }

    @Test func stuckPartnerHoldsUpNeitherOthersNorItsRemoval() async throws {
        let gamma = try SPIFFEBundle.fixture(of: fixture.gamma)
        fixture.fetcher.answer(fixture.beta, .hang)
        fixture.fetcher.answer(gamma)
        try await fixture.store.createRelationship(fixture.relationship(fixture.beta), bundle: nil)
        try await fixture.run { client in
            await fixture.waitForFetcher { $0.calls.count == 1 }
            try await fixture.store.createRelationship(fixture.relationship(fixture.gamma), bundle: nil)
            try await client.refreshBundle(of: fixture.gamma)
            #expect(try await fixture.storedBundle(of: fixture.gamma) == gamma)
            #expect(fixture.fetcher.cancelled.isEmpty)
            try await fixture.store.deleteRelationship(with: fixture.beta)
            await fixture.waitForFetcher { $0.cancelled.map(\.trustDomain) == [fixture.beta] }
            #expect(fixture.log.lines("Trust domain no longer managed").count == 1)
        }
    }

    @Test func changedURLIsPolledAtOnce() async throws {
        fixture.fetcher.answer(fixture.beta, .hang)
        try await fixture.store.createRelationship(fixture.relationship(fixture.beta), bundle: nil)
        try await fixture.run { client in
            await fixture.waitForFetcher { $0.calls.count == 1 }
            fixture.fetcher.answer(try bundle())
            _ = try await fixture.store.updateRelationship(with: fixture.beta, bundle: nil) {
                $0.bundleEndpointURL = "https://moved.test"
            }
            let expected = try bundle()
            try await fixture.waitForStore { try await fixture.storedBundle(of: fixture.beta) == expected }
            #expect(fixture.fetcher.calls.map(\.bundleEndpointURL) == ["https://partner.test", "https://moved.test"])
            #expect(fixture.log.lines("Updated configuration for managed trust domain").count == 1)
        }
    }

    @Test func staticRelationshipsHaveAStatusToo() async throws {
        fixture.fetcher.answer(fixture.beta, .failure(FederationFailure(.dns, "lookup partner.test: no such host")))
        try await fixture.run(static: [fixture.relationship(fixture.beta)]) { client in
            await #expect(throws: FederationFailure.self) { try await client.refreshBundle(of: fixture.beta) }
            let status = try #require(try await fixture.status(of: fixture.beta))
            #expect(status.lastFailure == FederationFailure(.dns, "lookup partner.test: no such host"))
            #expect(status.consecutiveFailures >= 1)
            #expect(status.lastSuccess == nil)
        }
    }

    @Test func refreshOfAnUnknownTrustDomainSaysSo() async throws {
        try await fixture.run { client in
            let error = try await #require(
                #expect(throws: RegistryError.self) { try await client.refreshBundle(of: fixture.beta) })
            #expect(error.code == .notFound)
            #expect(error.message == "no relationship with trust domain \"beta.test\"")
        }
    }

    @Test func removalEndsAWaitingRefresh() async throws {
        fixture.fetcher.answer(fixture.beta, .hang)
        try await fixture.store.createRelationship(fixture.relationship(fixture.beta), bundle: nil)
        try await fixture.run { client in
            let (store, fetcher, beta) = (fixture.store, fixture.fetcher, fixture.beta)
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await client.refreshBundle(of: beta) }
                // The first call is the poll of the new relationship, the second the refresh.
                for await _ in fetcher.events where fetcher.calls.count >= 2 { break }
                group.addTask { try await store.deleteRelationship(with: beta) }
                await #expect(throws: RegistryError(.notFound, "")) { try await group.waitForAll() }
            }
        }
    }

    @Test func cancelledRefreshStopsWaiting() async throws {
        fixture.fetcher.answer(fixture.beta, .hang)
        try await fixture.run(static: [fixture.relationship(fixture.beta)]) { client in
            let (fetcher, beta) = (fixture.fetcher, fixture.beta)
            await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await client.refreshBundle(of: beta) }
                for await _ in fetcher.events where fetcher.calls.count >= 2 { break }
                group.cancelAll()
                await #expect(throws: CancellationError.self) { try await group.next() }
            }
        }
    }

    @Test func shutdownEndsAWaitingRefresh() async throws {
        fixture.fetcher.answer(fixture.beta, .hang)
        let (waiting, continuation) = AsyncStream<Result<Void, any Error>>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            try await fixture.run(static: [fixture.relationship(fixture.beta)]) { client in
                let beta = fixture.beta
                group.addTask {
                    do {
                        try await client.refreshBundle(of: beta)
                        continuation.yield(.success(()))
                    } catch {
                        continuation.yield(.failure(error))
                    }
                }
                await fixture.waitForFetcher { $0.calls.count >= 2 }
            }
        }
        var iterator = waiting.makeAsyncIterator()
        let result = try #require(await iterator.next())
        #expect(throws: RegistryError(.unavailable, "")) { try result.get() }
    }

    @Test func ignoredEntriesAreReportedOnce() async throws {
        let document = "{\"keys\":[{\"use\":\"ssh-svid\",\"kty\":\"EC\"}]}"
        fixture.fetcher.answer(fixture.beta, .document(Array(document.utf8)))
        try await fixture.run(static: [fixture.relationship(fixture.beta)]) { client in
            for _ in 0..<3 { try await client.refreshBundle(of: fixture.beta) }
        }
        let lines = fixture.log.lines("Ignoring entries of federated bundle")
        #expect(lines.count == 1)
        #expect(lines.first?.level == .warning)
        #expect(lines.first?.metadata["count"] == "1")
    }

    @Test("S70: a stored bundle without refresh source is reported at start") func reportsUnrefreshedBundle()
        async throws
    {
        let ca = try TestCA("gamma.test")
        try await fixture.store.setBundle(BundleRecord(try ca.bundle))
        try await fixture.store.setBundle(BundleRecord(try TestCA("alpha.test").bundle))
        fixture.fetcher.answer(try bundle())
        try await fixture.run(static: [fixture.relationship(fixture.beta)]) { client in
            try await client.refreshBundle(of: fixture.beta)
        }
        let lines = fixture.log.lines.filter { $0.message.hasPrefix("Stored bundle has no refresh source") }
        #expect(lines.map { $0.metadata["trust_domain"] } == ["gamma.test"])
        #expect(lines.first?.metadata["usable_until"] == "2049-12-31T00:00:00Z")
    }
}
