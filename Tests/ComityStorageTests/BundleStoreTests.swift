// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

@Suite struct BundleStoreTests {
    private let other: TrustDomain

    init() throws {
        other = try TrustDomain("other.test")
    }

    @Test(arguments: StoreKind.allCases)
    func keepsEveryField(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var record = BundleRecord(
                try .fixture(of: other, keys: ["b", "a"], sequence: .max, hint: 300))
            let authorities = try [TestCA("other.test"), TestCA("other.test")].map { try X509Authority($0.root) }
            record.bundle.x509Authorities = authorities
            record.taintedX509Authorities = [authorities[1]]
            record.taintedJWTKeyIDs = ["a"]
            record.jwtExpirations = ["b": TestTime.future]
            try await store.createBundle(record)
            #expect(try await store.bundle(of: other) == record)
            #expect(await failure { try await store.createBundle(record) } == .alreadyExists)
            let empty = BundleRecord(SPIFFEBundle(trustDomain: other))
            try await store.setBundle(empty)
            #expect(try await store.listBundles(page: .all).items == [empty])
            #expect(try await store.countBundles() == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func aFailedChangeLeavesNoTrace(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let changed = try await store.changeBundle(of: other) { $0.bundle.sequenceNumber = 1 }
            await #expect(throws: RegistryError(.failedPrecondition, "")) {
                try await store.changeBundle(of: other) { record in
                    record.bundle.sequenceNumber = 2
                    throw RegistryError(.failedPrecondition, "changed my mind")
                }
            }
            #expect(try await store.bundle(of: other) == changed)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func writesNamedFieldsOnly(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let stored = BundleRecord(try .fixture(of: other, keys: ["a"], sequence: 1, hint: 60))
            var sent = BundleRecord(try .fixture(of: other, keys: ["b"], sequence: 2, hint: 90))
            #expect(await failure { _ = try await store.updateBundle(sent, fields: [.refreshHint]) } == .notFound)
            try await store.createBundle(stored)
            let updated = try await store.updateBundle(sent, fields: [.refreshHint, .jwtAuthorities])
            sent.bundle.sequenceNumber = 1
            #expect(updated == sent)
            #expect(try await store.bundle(of: other) == sent)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func changesDoNotOverwriteEachOther(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { _ = try await store.changeBundle(of: other) { $0.countChange() } }
                }
                try await group.waitForAll()
            }
            #expect(try await store.bundle(of: other)?.bundle.sequenceNumber == 20)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func refusesToDeleteABundleInUse(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let entry = try await self.entryUsingBundle(in: store)
            await #expect {
                try await store.deleteBundle(of: other, .restrict)
            } throws: { error in
                (error as? RegistryError)?.message
                    == "datastore-sql: cannot delete bundle; federated with 1 registration entries"
            }
            #expect(try await store.bundle(of: other) != nil)
            #expect(try await store.entry(id: entry.id) == entry)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func deletesTheEntriesThatUseTheBundle(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let entry = try await self.entryUsingBundle(in: store)
            try await store.deleteBundle(of: other, .delete)
            #expect(try await store.bundle(of: other) == nil)
            #expect(try await store.entry(id: entry.id) == nil)
            #expect(try await store.countEntries(EntryFilter()) == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func dissociatesTheEntriesThatUseTheBundle(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let entry = try await self.entryUsingBundle(in: store)
            try await store.deleteBundle(of: other, .dissociate)
            let released = try await store.entry(id: entry.id)
            #expect(released?.federatesWith == [try TrustDomain("third.test")])
            #expect(released?.revisionNumber == 1)
            #expect(await failure { try await store.deleteBundle(of: other, .dissociate) } == .notFound)
        }
    }

    private func entryUsingBundle(in store: any RegistryStore) async throws -> Entry {
        try await store.createBundle(BundleRecord(SPIFFEBundle(trustDomain: other)))
        _ = try await store.create(try .fixture("/unconcerned"))
        var entry = try Entry.fixture()
        entry.federatesWith = [other, try TrustDomain("third.test")]
        return try await store.create(entry)
    }
}
