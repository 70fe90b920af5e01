// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

@Suite struct OwnershipStoreTests {
    private let first: OwnerName
    private let second: OwnerName
    private let other: TrustDomain

    init() throws {
        first = try OwnerName("cluster-1/")
        second = try OwnerName("cluster-2/zero-trust")
        other = try TrustDomain("other.test")
    }

    @Test(arguments: StoreKind.allCases)
    func remembersClaimsOfWhatIsNotThereYet(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            #expect(try await store.isKnown(first) == false)
            let refused = try await store.claim(
                [.relationship(with: other), .entry(id: "b"), .entry(id: "a")], for: first)
            #expect(refused == [])
            #expect(try await store.isKnown(first))
            #expect(try await store.isKnown(second) == false)
            #expect(
                try await store.listClaims(of: first, page: .all).items
                    == [.entry(id: "a"), .entry(id: "b"), .relationship(with: other)])
            #expect(try await store.listClaims(of: second, page: .all).items == [])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func ownerThatClaimedNothingIsKnown(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.claim([], for: first)
            #expect(try await store.isKnown(first))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func whatOthersClaimedStaysTheirs(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.claim([.entry(id: "a"), .relationship(with: other)], for: first)
            let refused = try await store.claim(
                [.entry(id: "a"), .entry(id: "b"), .relationship(with: other)], for: second)
            #expect(refused == [.entry(id: "a"), .relationship(with: other)])
            try await store.release([.entry(id: "a"), .entry(id: "b")], of: second)
            #expect(try await store.listClaims(of: second, page: .all).items == [])
            #expect(
                try await store.listClaims(of: first, page: .all).items
                    == [.entry(id: "a"), .relationship(with: other)])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func claimingTwiceIsClaimingOnce(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            for _ in 0..<2 { #expect(try await store.claim([.entry(id: "a")], for: first) == []) }
            try await store.release([.entry(id: "a")], of: first)
            #expect(try await store.claim([.entry(id: "a")], for: second) == [])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func deletionEndsTheClaimWhoeverDeletes(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let deleted = try await store.create(try .fixture("/deleted"))
            var expiring = try Entry.fixture("/expired")
            expiring.expiresAt = TestTime.past
            let expired = try await store.create(expiring)
            let kept = try await store.create(try .fixture("/kept"))
            try await store.createRelationship(
                FederationRelationship(
                    trustDomain: other, bundleEndpointURL: "https://other.test", profile: .httpsWeb), bundle: nil)
            try await store.setBundle(BundleRecord(try .fixture(of: other, keys: ["a"])))
            _ = try await store.claim(
                [
                    .entry(id: deleted.id), .entry(id: expired.id), .entry(id: kept.id), .relationship(with: other),
                    .bundle(of: other),
                ], for: first)
            _ = try await store.deleteEntry(id: deleted.id)
            _ = try await store.pruneEntries(expiredBefore: TestTime.now)
            try await store.deleteRelationship(with: other)
            #expect(
                try await store.listClaims(of: first, page: .all).items
                    == [.bundle(of: other), .entry(id: kept.id)])
            try await store.deleteBundle(of: other, .dissociate)
            #expect(try await store.listClaims(of: first, page: .all).items == [.entry(id: kept.id)])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func listsPageByPage(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let ids = (0..<7).map { "entry-\($0)" }
            _ = try await store.claim(Set(ids.map { .entry(id: $0) } + [.relationship(with: other)]), for: first)
            var (pages, token): ([[OwnedObject]], String) = ([], "")
            repeat {
                let page = try await store.listClaims(of: first, page: PageRequest(size: 3, token: token))
                pages.append(page.items)
                token = page.nextToken
            } while !token.isEmpty
            #expect(pages.map(\.count) == [3, 3, 2])
            #expect(pages.flatMap { $0 } == ids.map { .entry(id: $0) } + [.relationship(with: other)])
            #expect(
                await failure { _ = try await store.listClaims(of: first, page: PageRequest(size: 3, token: "x")) }
                    == .invalidArgument)
        }
    }

    @Test(arguments: ["", String(repeating: "a", count: 513), "a\nb", "a\u{0}b"])
    func refusesAnOwnerThatIsNoName(_ text: String) {
        #expect(throws: RegistryError(.invalidArgument, "")) { try OwnerName(text) }
    }
}
