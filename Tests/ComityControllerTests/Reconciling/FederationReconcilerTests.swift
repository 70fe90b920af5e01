// SPDX-License-Identifier: Apache-2.0

import ComityController
import ComityResources
import ComityTesting
import SPIFFE
import Testing

@Suite struct FederationReconcilerTests {
    private let log = RecordedLog()

    private func reconciler(
        _ server: MemoryServer, _ record: MemoryRecord, _ declarations: FixedDeclarations, ignoresLimit: Bool = false
    ) throws -> FederationReconciler {
        FederationReconciler(
            FederationPlanner(), of: try TrustDomain("example.org"), door: server, ownership: Ownership(record),
            declarations: declarations, ignoresDeletionLimit: ignoresLimit, logger: log.logger())
    }

    private func present(_ trustDomain: String, url: String? = nil) throws -> FederationPlanner.Present {
        .init(relationship: try Fixtures.federated("x", trustDomain, url: url).relationship, bundle: nil)
    }

    @Test("creates, updates and deletes in the upstream controller's order and words")
    func bringsRelationshipsInStep() async throws {
        let server = MemoryServer(relationships: [
            try present("changed.test", url: "https://old.test"), try present("gone.test"),
        ])
        let owned: Set = [try TrustDomain("changed.test"), try TrustDomain("gone.test")]
        let record = MemoryRecord(Owned(trustDomains: owned))
        let declarations = FixedDeclarations(federation: [
            try Fixtures.federated("c", "changed.test"), try Fixtures.federated("n", "new.test"),
        ])
        try await reconciler(server, record, declarations).pass()
        #expect(
            server.calls == ["relationships", "delete relationships 1", "create relationships 1", "update relationships 1"])
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
            server, MemoryRecord(Owned()), FixedDeclarations(federation: [try Fixtures.federated("own", "example.org")]))
        await reconciler.pass()
        await reconciler.pass()
        #expect(server.calls == ["relationships", "relationships"])
        #expect(log.lines("Ignoring invalid ClusterFederatedTrustDomain").count == 1)
    }

    @Test("§1.14 CFTD duplicates: the oldest wins, the other is named once")
    func namesTheLoserOfTwo() async throws {
        let (first, second) = (try Fixtures.federated("a", "t.test"), try Fixtures.federated("b", "t.test"))
        let reconciler = try reconciler(
            MemoryServer(), MemoryRecord(Owned()), FixedDeclarations(federation: [second, first]))
        await reconciler.pass()
        await reconciler.pass()
        let lines = log.lines("Ignoring ClusterFederatedTrustDomain with conflicting trust domain")
        #expect(lines.map { $0.metadata["conflictWith"] } == ["a"])
    }

    @Test("an invalid object keeps the live relationship")
    func keepsWhatIsUnreadable() async throws {
        let (server, declarations) = (MemoryServer(relationships: [try present("t.test")]), FixedDeclarations())
        let trustDomain = try TrustDomain("t.test")
        declarations.change { $0.federation.unreadable = [trustDomain] }
        try await reconciler(server, MemoryRecord(Owned(trustDomains: [trustDomain])), declarations).pass()
        #expect(server.trustDomains == ["t.test"])
    }

    @Test func deletesNothingAfterAFailedRead() async throws {
        let (server, declarations) = (MemoryServer(relationships: [try present("t.test")]), FixedDeclarations())
        declarations.change { $0.federation.hasReadAll = false }
        let record = MemoryRecord(Owned(trustDomains: [try TrustDomain("t.test")]))
        try await reconciler(server, record, declarations).pass()
        #expect(server.trustDomains == ["t.test"])
        #expect(log.lines("Federation relationships that nobody declares any more are not deleted").count == 1)
    }

    @Test func withholdsMassDeletions() async throws {
        let all = try (0..<12).map { try present("t\($0).test") }
        let server = MemoryServer(relationships: all)
        let record = MemoryRecord(Owned(trustDomains: Set(all.map(\.relationship.trustDomain))))
        try await reconciler(server, record, FixedDeclarations()).pass()
        #expect(server.trustDomains.count == 12)
        try await reconciler(server, record, FixedDeclarations(), ignoresLimit: true).pass()
        #expect(server.trustDomains.isEmpty)
    }

    @Test("what others made is left alone: adopted when it is as declared, told of when it is not")
    func leavesAloneWhatOthersMade() async throws {
        let server = MemoryServer(relationships: [
            try present("same.test"), try present("other.test", url: "https://by.hand"), try present("free.test"),
        ])
        let record = MemoryRecord(Owned())
        let declarations = FixedDeclarations(federation: [
            try Fixtures.federated("s", "same.test"), try Fixtures.federated("o", "other.test"),
        ])
        try await reconciler(server, record, declarations).pass()
        #expect(server.calls == ["relationships"])
        #expect(record.now?.trustDomains.map(\.name) == ["same.test"])
        #expect(
            log.lines("Leaving a federation relationship that another made").first?.metadata["trustDomainKey"]
                == "other.test")
    }

    @Test("two controllers on one server: what one has claimed the other neither makes nor deletes")
    func leavesAloneWhatAnotherControllerClaimed() async throws {
        let server = MemoryServer()
        let record = MemoryRecord(Owned(), others: Owned(trustDomains: [try TrustDomain("t.test")]))
        let declarations = FixedDeclarations(federation: [try Fixtures.federated("r", "t.test")])
        let reconciler = try reconciler(server, record, declarations)
        await reconciler.pass()
        #expect(server.calls == ["relationships"])
        declarations.change { $0.federation.resources = [] }
        server.change { [present = try? present("t.test")] in
            if let present { $0.relationships[present.relationship.trustDomain] = present }
        }
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
        let declarations = FixedDeclarations(federation: [
            try Fixtures.federated("r", "t.test", bundle: try text(2))
        ])
        let reconciler = try reconciler(server, MemoryRecord(Owned()), declarations)
        func stored() -> UInt64? { server.state.withLock { $0.relationships[domain]?.bundle?.sequenceNumber } }
        await reconciler.pass()
        #expect(stored() == 2)
        let (older, newer) = (
            try Fixtures.federated("r", "t.test", bundle: try text(1)),
            try Fixtures.federated("r", "t.test", bundle: try text(3))
        )
        declarations.change { $0.federation.resources = [older] }
        await reconciler.pass()
        #expect(stored() == 2)
        declarations.change { $0.federation.resources = [newer] }
        await reconciler.pass()
        #expect(stored() == 3)
    }
}
