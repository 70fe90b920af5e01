// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

@Suite struct EntryStoreTests {
    @Test(arguments: StoreKind.allCases)
    func keepsEveryField(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var entry = try Entry.fixture(selectors: ["unix:uid:1000", "unix:path:/bin/a:b"])
            entry.id = "my.entry-1"
            entry.x509SVIDTTL = 20
            entry.jwtSVIDTTL = 30
            entry.federatesWith = [try TrustDomain("other.test"), try TrustDomain("third.test")]
            entry.isAdmin = true
            entry.isDownstream = true
            entry.expiresAt = TestTime.future
            entry.dnsNames = ["z.example.org", "a.example.org", "z.example.org"]
            entry.storesSVID = true
            entry.hint = "Grüße"
            entry.includesJTIInJWTSVID = true
            let created = try await store.create(entry)
            entry.createdAt = TestTime.now
            #expect(created == entry)
            #expect(try await store.entry(id: "my.entry-1") == entry)
            #expect(try await store.listEntries(EntryFilter(), page: .all).items == [entry])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func namesAnEntryWithoutID(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let entry = try await store.create(try .fixture())
            #expect(UUID(uuidString: entry.id) != nil)
            #expect(entry.id == entry.id.lowercased())
            #expect(entry.revisionNumber == 0)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func answersASimilarEntry(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let first = try await store.create(try .fixture(selectors: ["unix:uid:1", "unix:gid:2"]))
            var similar = try Entry.fixture(selectors: ["unix:gid:2", "unix:uid:1"])
            similar.x509SVIDTTL = 99
            #expect(try await store.createEntry(similar, now: TestTime.now) == .similarExists(first))
            for different in [
                try Entry.fixture(selectors: ["unix:uid:1"]),
                try Entry.fixture(selectors: ["unix:uid:1", "unix:gid:2", "unix:gid:3"]),
                try Entry.fixture(parent: "/other", selectors: ["unix:uid:1", "unix:gid:2"]),
            ] {
                _ = try await store.create(different)
            }
            #expect(try await store.countEntries(EntryFilter()) == 4)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func refusesATakenID(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var entry = try Entry.fixture()
            entry.id = "one"
            _ = try await store.create(entry)
            var other = try Entry.fixture("/other")
            other.id = "one"
            #expect(await failure { _ = try await store.createEntry(other, now: TestTime.now) } == .alreadyExists)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func writesNamedFieldsAndCountsTheRevision(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var entry = try await store.create(try .fixture())
            var change = try Entry.fixture("/ignored", selectors: ["unix:uid:7"])
            change.id = entry.id
            change.hint = "ignored"
            change.dnsNames = ["a.test"]
            entry.selectors = change.selectors
            entry.dnsNames = ["a.test"]
            entry.revisionNumber = 1
            #expect(try await store.updateEntry(change, fields: [.selectors, .dnsNames]) == entry)
            entry.revisionNumber = 2
            #expect(try await store.updateEntry(change, fields: []) == entry)
            #expect(try await store.entry(id: entry.id) == entry)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func refusesAnUpdateThatBreaksTheWhole(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let entry = try await store.create(try .fixture(selectors: ["unix:uid:1", "docker:label:a"]))
            var change = entry
            change.storesSVID = true
            #expect(await failure { _ = try await store.updateEntry(change, fields: [.storeSVID]) } == .invalidArgument)
            #expect(try await store.entry(id: entry.id) == entry)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func saysThatAnEntryIsMissing(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var entry = try Entry.fixture()
            entry.id = "none"
            _ = try await store.create(try .fixture("/kept"))
            #expect(try await store.entry(id: "none") == nil)
            #expect(await failure { _ = try await store.updateEntry(entry, fields: []) } == .notFound)
            #expect(await failure { _ = try await store.deleteEntry(id: "none") } == .notFound)
            #expect(try await store.countEntries(EntryFilter()) == 1)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func takesNoTextWithNULForAnother(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var entry = try Entry.fixture()
            entry.id = "one"
            _ = try await store.create(entry)
            #expect(try await store.entry(id: "one\0x") == nil)
            #expect(await failure { _ = try await store.deleteEntry(id: "one\0x") } == .notFound)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func prunesWhatExpired(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for (name, expiresAt) in [("/past", TestTime.past), ("/now", TestTime.now), ("/never", nil)] {
                var entry = try Entry.fixture(name)
                entry.expiresAt = expiresAt
                _ = try await store.create(entry)
            }
            let pruned = try await store.pruneEntries(expiredBefore: TestTime.now)
            #expect(pruned.map(\.spiffeID.path) == ["/past"])
            #expect(try await store.countEntries(EntryFilter()) == 2)
        }
    }
}
