// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

@Suite struct NodeStoreTests {
    @Test(arguments: StoreKind.allCases)
    func keepsEveryField(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var node = try AttestedNode.fixture(selectors: ["join_token:a", "spiffe_id:b"])
            node.newSerialNumber = "99"
            node.newExpiresAt = TestTime.now
            node.canReattest = true
            node.agentVersion = "1.2"
            try await store.putNode(node)
            #expect(try await store.node(id: node.id) == node)
            node.selectors = []
            node.newSerialNumber = nil
            node.newExpiresAt = nil
            try await store.putNode(node)
            #expect(try await store.listNodes(NodeFilter(), page: .all).items == [node])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func filtersByEveryClause(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            var banned = try AttestedNode.fixture("banned", selectors: ["x:1"])
            banned.serialNumber = ""
            var old = try AttestedNode.fixture("old", selectors: ["x:1", "x:2"])
            old.expiresAt = TestTime.past
            old.canReattest = true
            old.attestationType = "x509pop"
            for node in [banned, old] { try await store.putNode(node) }
            let one = try Selector("x:1")
            let filters: [(NodeFilter, [String])] = [
                (NodeFilter(), ["banned", "old"]),
                (NodeFilter { $0.isBanned = true }, ["banned"]),
                (NodeFilter { $0.isBanned = false }, ["old"]),
                (NodeFilter { $0.canReattest = true }, ["old"]),
                (NodeFilter { $0.attestationType = "join_token" }, ["banned"]),
                (NodeFilter { $0.expiresBefore = TestTime.now }, ["old"]),
                (NodeFilter { $0.selectors = SetMatch([one], .exact) }, ["banned"]),
                (NodeFilter { $0.selectors = SetMatch([one], .superset) }, ["banned", "old"]),
            ]
            for (filter, names) in filters {
                let found = try await store.listNodes(filter, page: .all).items
                #expect(found.map { $0.id.path.split(separator: "/").last.map(String.init) } == names)
                #expect(try await store.countNodes(filter) == names.count)
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func changesInOneTransaction(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let node = try AttestedNode.fixture()
            #expect(await failure { _ = try await store.updateNode(id: node.id) { _ in } } == .notFound)
            try await store.putNode(node)
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask { _ = try? await store.updateNode(id: node.id) { $0.agentVersion += "x" } }
                }
            }
            #expect(try await store.node(id: node.id)?.agentVersion.count == 20)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func deletesTheJoinTokenEntryWithTheNode(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let node = try AttestedNode.fixture("t")
            try await store.putNode(node)
            let alias = try await store.create(
                try .fixture("/node", parent: node.id.path, selectors: ["spiffe_id:\(node.id)"]))
            let workload = try await store.create(
                try .fixture("/web", parent: node.id.path, selectors: ["spiffe_id:\(node.id)", "unix:uid:1"]))
            #expect(try await store.deleteNode(id: node.id) == node)
            #expect(try await store.node(id: node.id) == nil)
            #expect(try await store.entry(id: alias.id) == nil)
            #expect(try await store.entry(id: workload.id) == workload)
            #expect(await failure { _ = try await store.deleteNode(id: node.id) } == .notFound)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func givesAJoinTokenToOneOfManyAtOnce(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            let token = JoinToken(value: "secret", expiresAt: TestTime.future)
            try await store.createJoinToken(token)
            #expect(await failure { try await store.createJoinToken(token) } == .alreadyExists)
            #expect(try await store.consumeJoinToken("secret\0") == nil)
            let winners = try await withThrowingTaskGroup(of: JoinToken?.self) { group in
                for _ in 0..<20 {
                    group.addTask { try await store.consumeJoinToken("secret") }
                }
                return try await group.reduce(into: [JoinToken]()) { if let token = $1 { $0.append(token) } }
            }
            #expect(winners == [token])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func prunesExpiredJoinTokens(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.createJoinToken(JoinToken(value: "old", expiresAt: TestTime.past))
            try await store.createJoinToken(JoinToken(value: "new", expiresAt: TestTime.future))
            #expect(try await store.pruneJoinTokens(expiredBefore: TestTime.now) == 1)
            #expect(try await store.consumeJoinToken("old") == nil)
            #expect(try await store.consumeJoinToken("new") != nil)
        }
    }
}

extension NodeFilter {
    fileprivate init(_ change: (inout NodeFilter) -> Void) {
        self.init()
        change(&self)
    }
}
