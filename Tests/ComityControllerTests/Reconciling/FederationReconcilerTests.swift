// SPDX-License-Identifier: Apache-2.0

import ComityController
import ComityRegistry
import ComityResources
import ComityTesting
import SPIFFE
import Synchronization
import Testing

@Suite struct FederationReconcilerTests {
    private let log = RecordedLog()

    private func reconciler(
        _ server: MemoryServer, _ record: MemoryRecord, _ declarations: FixedDeclarations, ignoresLimit: Bool = false
    ) throws -> FederationReconciler {
        FederationReconciler(
            FederationPlanner(), door: server, ownership: Ownership(record),
            declarations: declarations, ignoresDeletionLimit: ignoresLimit, logger: log.logger())
    }

    private func relationship(_ trustDomain: String, url: String? = nil) throws -> FederationRelationship {
        FederationRelationship(
            trustDomain: try TrustDomain(trustDomain), bundleEndpointURL: url ?? "https://\(trustDomain)",
            profile: .httpsWeb)
    }

    @Test("creates, updates and deletes in the upstream controller's order and words")
    func bringsRelationshipsInStep() async throws {
        let server = MemoryServer(relationships: [
            try relationship("changed.test", url: "https://old.test"), try relationship("gone.test"),
        ])
        let owned: Set = [try TrustDomain("changed.test"), try TrustDomain("gone.test")]
        let record = MemoryRecord(Owned(trustDomains: owned))
        let declarations = try FixedDeclarations(federation: [
            Fixtures.federated("c", "changed.test"), Fixtures.federated("n", "new.test"),
        ])
        try await reconciler(server, record, declarations).pass()
        #expect(
            server.calls == [
                "federation", "delete relationships 1", "create relationships 1", "update relationships 1",
            ])
        #expect(server.trustDomains == ["changed.test", "new.test"])
        #expect(record.now?.trustDomains.map(\.name).sorted() == ["changed.test", "new.test"])
        let line = try #require(log.lines("Created federation relationship").first)
        #expect(line.metadata["trustDomainKey"] == "new.test")
        #expect(line.metadata["bundleEndpointURL"] == "https://new.test")
        #expect(line.metadata["bundleEndpointProfile"] == "https_web")
        #expect(log.lines("Deleted federation relationship").first?.metadata["trustDomainKey"] == "gone.test")
        #expect(log.lines("Updated federation relationship").count == 1)
    }

    @Test("§1.14 CFTD for own TD: it is never sent to the server, and told once")
    func refusesItsOwnTrustDomain() async throws {
        let server = MemoryServer()
        let reconciler = try reconciler(
            server, MemoryRecord(Owned()), try FixedDeclarations(federation: [Fixtures.federated("own", "example.org")])
        )
        await reconciler.pass()
        await reconciler.pass()
        #expect(server.calls == ["federation", "federation"])
        #expect(log.lines("Ignoring invalid ClusterFederatedTrustDomain").count == 1)
    }

    @Test("§1.14 CFTD duplicates: the oldest wins, the other is named once")
    func namesTheLoserOfTwo() async throws {
        let (first, second) = (Fixtures.federated("a", "t.test"), Fixtures.federated("b", "t.test"))
        let reconciler = try reconciler(
            MemoryServer(), MemoryRecord(Owned()), try FixedDeclarations(federation: [second, first]))
        await reconciler.pass()
        await reconciler.pass()
        let lines = log.lines("Ignoring ClusterFederatedTrustDomain with conflicting trust domain")
        #expect(lines.map { $0.metadata["conflictWith"] } == ["a"])
    }

    @Test("an invalid object keeps the live relationship")
    func keepsWhatIsUnreadable() async throws {
        let (server, declarations) = (
            MemoryServer(relationships: [try relationship("t.test")]), try FixedDeclarations()
        )
        let trustDomain = try TrustDomain("t.test")
        try declarations.declare([Fixtures.federated("t", "t.test", url: "http://t.test")])
        try await reconciler(server, MemoryRecord(Owned(trustDomains: [trustDomain])), declarations).pass()
        #expect(server.trustDomains == ["t.test"])
    }

    @Test func deletesNothingAfterAFailedRead() async throws {
        let (server, declarations) = (
            MemoryServer(relationships: [try relationship("t.test")]), try FixedDeclarations()
        )
        declarations.change { $0.federation.hasReadAll = false }
        let record = MemoryRecord(Owned(trustDomains: [try TrustDomain("t.test")]))
        try await reconciler(server, record, declarations).pass()
        #expect(server.trustDomains == ["t.test"])
        #expect(log.lines("Federation relationships that nobody declares any more are not deleted").count == 1)
    }

    @Test func withholdsMassDeletions() async throws {
        let all = try (0..<12).map { try relationship("t\($0).test") }
        let server = MemoryServer(relationships: all)
        let record = MemoryRecord(Owned(trustDomains: Set(all.map(\.trustDomain))))
        try await reconciler(server, record, try FixedDeclarations()).pass()
        #expect(server.trustDomains.count == 12)
        try await reconciler(server, record, try FixedDeclarations(), ignoresLimit: true).pass()
        #expect(server.trustDomains.isEmpty)
    }

    @Test("what others made is left alone: adopted when it is as declared, told of when it is not")
    func leavesAloneWhatOthersMade() async throws {
        let server = MemoryServer(relationships: [
            try relationship("same.test"), try relationship("other.test", url: "https://by.hand"),
            try relationship("free.test"),
        ])
        let record = MemoryRecord(Owned())
        let declarations = try FixedDeclarations(federation: [
            Fixtures.federated("s", "same.test"), Fixtures.federated("o", "other.test"),
        ])
        try await reconciler(server, record, declarations).pass()
        #expect(server.calls == ["federation"])
        #expect(record.now?.trustDomains.map(\.name) == ["same.test"])
        #expect(
            log.lines("Leaving what another has made").map { $0.metadata["clusterFederatedTrustDomain"] } == ["o"])
    }

    @Test("two controllers on one server: what one has claimed the other neither makes nor deletes")
    func leavesAloneWhatAnotherControllerClaimed() async throws {
        let server = MemoryServer()
        let record = MemoryRecord(Owned(), others: Owned(trustDomains: [try TrustDomain("t.test")]))
        let declarations = try FixedDeclarations(federation: [Fixtures.federated("r", "t.test")])
        let reconciler = try reconciler(server, record, declarations)
        await reconciler.pass()
        #expect(server.calls == ["federation"])
        let theirs = try relationship("t.test")
        server.change { $0.relationships[theirs.trustDomain] = theirs }
        await reconciler.pass()
        #expect(await reconciler.outcomes.first?.facts.standing == .conflict(.controller))
        try declarations.declare([])
        await reconciler.pass()
        #expect(server.trustDomains == ["t.test"])
    }

    @Test("S24, C26: an edited bundle takes effect, and never over something newer")
    func takesANewerBundle() async throws {
        let domain = try TrustDomain("t.test")
        func text(_ sequence: UInt64) throws -> String {
            String(
                decoding: try SPIFFEBundle.fixture(of: domain, keys: ["k\(sequence)"], sequence: sequence).document(),
                as: UTF8.self)
        }
        let server = MemoryServer()
        let declarations = try FixedDeclarations(federation: [
            Fixtures.federated("r", "t.test", bundle: try text(2))
        ])
        let reconciler = try reconciler(server, MemoryRecord(Owned()), declarations)
        func stored() -> UInt64? { server.state.withLock { $0.bundles[domain]?.sequenceNumber } }
        await reconciler.pass()
        #expect(stored() == 2)
        // The server has polled something newer meanwhile.
        let polled = try SPIFFEBundle.fixture(of: domain, keys: ["k5"], sequence: 5)
        server.change { $0.bundles[domain] = polled }
        try declarations.declare([Fixtures.federated("r", "t.test", bundle: try text(3))])
        await reconciler.pass()
        #expect(stored() == 5)
        try declarations.declare([Fixtures.federated("r", "t.test", bundle: try text(6))])
        await reconciler.pass()
        #expect(stored() == 6)
    }

    @Test("a bundle goes with its resource only where the resource said so, after a restart too")
    func dissolvesWhatIsToBeDissolved() async throws {
        func bundle(_ name: String) throws -> String {
            let bundle = try SPIFFEBundle.fixture(of: try TrustDomain(name), keys: [name])
            return String(decoding: bundle.document(), as: UTF8.self)
        }
        let (server, record) = (MemoryServer(), MemoryRecord(Owned()))
        let declarations = try FixedDeclarations(federation: [
            Fixtures.federated("go", "go.test", bundle: try bundle("go.test"), more: ["onDelete": .string("dissolve")]),
            Fixtures.federated("stay", "stay.test", bundle: try bundle("stay.test")),
        ])
        try await reconciler(server, record, declarations).pass()
        #expect(server.state.withLock { $0.bundles.keys.map(\.name).sorted() } == ["go.test", "stay.test"])
        try declarations.declare([])
        try await reconciler(server, record, declarations).pass()
        #expect(server.trustDomains.isEmpty)
        #expect(server.state.withLock { $0.bundles.keys.map(\.name) } == ["stay.test"])
        #expect(record.now == Owned())
    }
}
