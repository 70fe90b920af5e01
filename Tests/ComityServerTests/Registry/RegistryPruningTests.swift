// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import Foundation
import SPIFFE
import Testing

@Suite struct RegistryPruningTests {
    private let folder: TemporaryFolder
    private let store: SQLStore
    private let log = RecordedLog()
    private let time = ServerTime(now: { TestTime.now }, sleep: { _ in })

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLStore(path: folder.path("data.sqlite3"), trustDomain: try TrustDomain("example.org"))
    }

    @Test func forgetsEntriesThatEnded() async throws {
        let parent = try SPIFFEID("spiffe://example.org/node")
        for (path, end) in [("/ended", TestTime.now - 1), ("/current", TestTime.now + 60)] {
            var entry = Entry(
                spiffeID: try SPIFFEID("spiffe://example.org\(path)"), parentID: parent,
                selectors: [try Selector("unix:uid:1")])
            entry.expiresAt = end
            _ = try await store.createEntry(entry, now: TestTime.past)
        }
        await pruning(nil).pruneEntries()
        #expect(try await store.listEntries(EntryFilter(), page: .all).items.map(\.spiffeID.path) == ["/current"])
        #expect(
            log.lines("Pruned an expired registration").map { $0.metadata["spiffe_id"] } == [
                "spiffe://example.org/ended"
            ])
    }

    @Test(arguments: [
        (NodePruning?.none, ["banned", "fresh", "once", "recent", "stale"]),
        (NodePruning(expiredFor: 3600), ["banned", "fresh", "once", "recent"]),
        (NodePruning(expiredFor: 3600, includesNonReattestable: true), ["banned", "fresh", "recent"]),
    ])
    func forgetsOnlyTheAgentsThatItIsToldTo(rule: NodePruning?, left: [String]) async throws {
        try await put("fresh", expiresAt: TestTime.now + 60)
        try await put("recent", expiresAt: TestTime.now - 60)
        try await put("stale", expiresAt: TestTime.now - 7200)
        try await put("once", expiresAt: TestTime.now - 7200, canReattest: false)
        try await put("banned", expiresAt: TestTime.now - 7200, serial: "")
        await pruning(rule).pruneNodes()
        let nodes = try await store.listNodes(NodeFilter(), page: .all).items
        #expect(nodes.map(\.id.path).sorted() == left.map { "/spire/agent/x/\($0)" })
    }

    private func put(_ name: String, expiresAt: Date, serial: String = "1", canReattest: Bool = true) async throws {
        try await store.putNode(
            AttestedNode(
                id: try SPIFFEID("spiffe://example.org/spire/agent/x/\(name)"), attestationType: "x",
                serialNumber: serial, expiresAt: expiresAt, canReattest: canReattest))
    }

    private func pruning(_ nodes: NodePruning?) -> RegistryPruning {
        RegistryPruning(store: store, nodes: nodes, time: time, logger: log.logger())
    }
}
