// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityStorage
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

/// A kind of store to run the suite on: one case for each that we have.
enum StoreKind: CaseIterable, Sendable {
    case sqlite, postgres

    /// Makes an empty store and takes it away afterwards.
    func withStore(
        _ body: (any RegistryStore & AuthorityJournalStore) async throws -> Void
    ) async throws {
        switch self {
        case .sqlite:
            let folder = try TemporaryFolder()
            try await body(SQLStore(path: folder.path("registry.db"), trustDomain: TrustDomain("example.org")))
        case .postgres:
            try await body(try await PostgresFixture().open())
        }
    }
}

extension StoreKind {
    /// Takes away what the second version of the tables added.
    static let backToFirstVersion = """
        DROP TABLE claims;
        DROP TABLE owners;
        ALTER TABLE federation_statuses DROP COLUMN last_change_at;
        UPDATE comity_meta SET value = '1' WHERE key = 'schema_version';
        """

    static func expectSecondVersion(of store: SQLStore) async throws {
        let owner = try OwnerName("cluster-1/")
        _ = try await store.claim([.entry(id: "a")], for: owner)
        #expect(try await store.listClaims(of: owner, page: .all).items == [.entry(id: "a")])
        var status = FederationStatus(trustDomain: try TrustDomain("other.test"))
        status.lastChange = TestTime.now
        try await store.setFederationStatus(status, while: nil)
        #expect(try await store.federationStatuses() == [status])
    }
}

extension Entry {
    static func fixture(
        _ path: String = "/web", parent: String = "/spire/agent/join_token/a", selectors: [String] = ["unix:uid:1000"]
    ) throws -> Entry {
        Entry(
            spiffeID: try SPIFFEID("spiffe://example.org\(path)"),
            parentID: try SPIFFEID("spiffe://example.org\(parent)"),
            selectors: Set(try selectors.map { try Selector($0) }))
    }
}

extension EntryStore {
    /// Creates an entry that has no similar one.
    func create(_ entry: Entry) async throws -> Entry {
        switch try await createEntry(entry, now: TestTime.now) {
        case .created(let entry): return entry
        case .similarExists: throw RegistryError(.alreadyExists, "the fixture has a similar entry")
        }
    }
}

extension AttestedNode {
    static func fixture(_ name: String = "a", selectors: [String] = []) throws -> AttestedNode {
        AttestedNode(
            id: try SPIFFEID("spiffe://example.org/spire/agent/join_token/\(name)"), attestationType: "join_token",
            serialNumber: "12345678901234567890", expiresAt: TestTime.future,
            selectors: Set(try selectors.map { try Selector($0) }))
    }
}

/// The code of the error that the work fails with.
func failure(_ work: () async throws -> Void) async -> RegistryError.Code? {
    do {
        try await work()
        return nil
    } catch {
        return (error as? RegistryError)?.code
    }
}
