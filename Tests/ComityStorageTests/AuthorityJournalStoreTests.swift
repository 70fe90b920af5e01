// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTesting
import FoundationEssentials
import Testing

@Suite struct AuthorityJournalStoreTests {
    @Test(arguments: StoreKind.allCases)
    func replacesAJournalUnderItsNewName(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.setJournal([0, 1], id: "a", replacing: nil, expiresAt: TestTime.now)
            try await store.setJournal([2], id: "b", replacing: "a", expiresAt: TestTime.now)
            try await store.setJournal([3], id: "b", replacing: "b", expiresAt: TestTime.future)
            #expect(try await store.journal(id: "a") == nil)
            #expect(try await store.journal(id: "b") == [3])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func prunesJournalsThatEnded(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.setJournal([1], id: "old", replacing: nil, expiresAt: TestTime.past)
            try await store.setJournal([2], id: "new", replacing: nil, expiresAt: TestTime.future)
            #expect(try await store.pruneJournals(expiredBefore: TestTime.now) == 1)
            #expect(try await store.journal(id: "old") == nil)
            #expect(try await store.journal(id: "new") == [2])
        }
    }
}
