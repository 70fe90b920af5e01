// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import SPIFFE
import Testing

@Suite struct PagingTests {
    @Test(arguments: StoreKind.allCases)
    func pagesFollowCreationAndEndWithAnEmptyOne(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let names = ["/e", "/c", "/a", "/d"]
            for name in names {
                _ = try await store.create(try .fixture(name))
            }
            var request = PageRequest(size: 2)
            var pages: [[String]] = []
            repeat {
                let page = try await store.listEntries(EntryFilter(), page: request)
                pages.append(page.items.map(\.spiffeID.path))
                request.token = page.nextToken
            } while !request.token.isEmpty
            #expect(pages == [["/e", "/c"], ["/a", "/d"], []])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func deletionsBetweenPagesLoseNothing(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var ids: [String] = []
            for name in ["/a", "/b", "/c"] {
                ids.append(try await store.create(try .fixture(name)).id)
            }
            let first = try await store.listEntries(EntryFilter(), page: PageRequest(size: 2))
            _ = try await store.deleteEntry(id: ids[1])
            let second = try await store.listEntries(
                EntryFilter(), page: PageRequest(size: 2, token: first.nextToken))
            #expect(second.items.map(\.spiffeID.path) == ["/c"])
        }
    }

    @Test(arguments: StoreKind.allCases, ["x", "-1", "1.5", "99999999999999999999"])
    func refusesATokenThatItNeverGave(_ kind: StoreKind, _ token: String) async throws {
        try await kind.withStore { store in
            let page = PageRequest(size: 2, token: token)
            await #expect(throws: RegistryError(.invalidArgument, "")) {
                try await store.listEntries(EntryFilter(), page: page)
            }
            await #expect(throws: RegistryError(.invalidArgument, "")) { try await store.listBundles(page: page) }
            await #expect(throws: RegistryError(.invalidArgument, "")) {
                try await store.listNodes(NodeFilter(), page: page)
            }
        }
    }
}
