// SPDX-License-Identifier: Apache-2.0

import ComityController
import ComityRegistry
import ComityResources
import GRPCCore
import SPIFFE
import Synchronization

/// A server in memory that behaves as a real one does, and that can be made to fail.
final class MemoryServer: ServerPort, ServerDoor {
    struct State {
        var entries: [String: Entry] = [:]
        var relationships: [TrustDomain: FederationPlanner.Present] = [:]
        /// What was called, in order, with the number of items.
        var calls: [String] = []
        /// Calls by name that fail before they have done anything, and how many of them may pass before.
        var failing: [String: Int] = [:]
        /// Why the server refuses an entry, by its SPIFFE ID.
        var refused: [String: String] = [:]
        /// Done before entries are created, once: another writer.
        var beforeCreation: (@Sendable (inout State) -> Void)?
        var isDown = false
    }

    let state: Mutex<State>

    init(entries: [Entry] = [], relationships: [FederationPlanner.Present] = []) {
        var state = State()
        for entry in entries { state.entries[entry.id] = entry }
        for present in relationships { state.relationships[present.relationship.trustDomain] = present }
        self.state = Mutex(state)
    }

    var calls: [String] { state.withLock { $0.calls } }
    var entriesNow: [Entry] { state.withLock { $0.entries.values.sorted { $0.id < $1.id } } }
    var trustDomains: [String] { state.withLock { $0.relationships.keys.map(\.name).sorted() } }

    func change(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
    }

    func withServer<Result: Sendable>(_ work: (any ServerPort) async throws -> Result) async throws -> Result {
        guard !state.withLock({ $0.isDown }) else { throw RPCError(code: .unavailable, message: "server is down") }
        return try await work(self)
    }

    private func called(_ name: String, _ count: Int? = nil) throws {
        try state.withLock { state in
            state.calls.append(count.map { "\(name) \($0)" } ?? name)
            guard let left = state.failing[name] else { return }
            guard left > 0 else { throw RPCError(code: .unavailable, message: "\(name) broke off") }
            state.failing[name] = left - 1
        }
    }

    // MARK: - Entries

    func entries() async throws -> [Entry] {
        try called("entries")
        return entriesNow
    }

    func createEntries(_ entries: [Entry]) async throws -> [ItemResult] {
        try called("create", entries.count)
        return state.withLock { state in
            if let before = state.beforeCreation {
                state.beforeCreation = nil
                before(&state)
            }
            return entries.map { entry in
                if let reason = state.refused[entry.spiffeID.uri] { return ItemResult(code: 3, message: reason) }
                let similar = state.entries.values.first {
                    $0.spiffeID == entry.spiffeID && $0.parentID == entry.parentID && $0.selectors == entry.selectors
                }
                if let similar {
                    return ItemResult(code: 6, message: "similar entry already exists", entry: similar)
                }
                state.entries[entry.id] = entry
                return ItemResult(entry: entry)
            }
        }
    }

    func updateEntries(_ entries: [Entry]) async throws -> [ItemResult] {
        try called("update", entries.count)
        return state.withLock { state in
            entries.map { entry in
                guard let known = state.entries[entry.id] else { return ItemResult(code: 5, message: "not found") }
                var changed = entry
                changed.revisionNumber = known.revisionNumber + 1
                state.entries[entry.id] = changed
                return ItemResult(entry: changed)
            }
        }
    }

    func deleteEntries(_ ids: [String]) async throws -> [ItemResult] {
        try called("delete", ids.count)
        return state.withLock { state in
            ids.map { id in
                state.entries.removeValue(forKey: id) == nil ? ItemResult(code: 5, message: "not found") : ItemResult()
            }
        }
    }

    // MARK: - Federation

    func relationships() async throws -> [FederationPlanner.Present] {
        try called("relationships")
        return state.withLock { $0.relationships.sorted { $0.key < $1.key }.map(\.value) }
    }

    func createRelationships(_ changes: [FederationPlan.Change]) async throws -> [ItemResult] {
        try called("create relationships", changes.count)
        return put(changes)
    }

    func updateRelationships(_ changes: [FederationPlan.Change]) async throws -> [ItemResult] {
        try called("update relationships", changes.count)
        return put(changes)
    }

    private func put(_ changes: [FederationPlan.Change]) -> [ItemResult] {
        state.withLock { state in
            changes.map { change in
                let name = change.relationship.trustDomain
                if let reason = state.refused[name.name] { return ItemResult(code: 3, message: reason) }
                let stored = state.relationships[name]?.bundle
                state.relationships[name] = .init(
                    relationship: change.relationship, bundle: change.bundle ?? stored)
                return ItemResult()
            }
        }
    }

    func deleteRelationships(_ trustDomains: [TrustDomain]) async throws -> [ItemResult] {
        try called("delete relationships", trustDomains.count)
        return state.withLock { state in
            trustDomains.map {
                state.relationships.removeValue(forKey: $0) == nil
                    ? ItemResult(code: 5, message: "not found") : ItemResult()
            }
        }
    }

    func setBundles(_ bundles: [SPIFFEBundle]) async throws -> [ItemResult] {
        try called("set bundles", bundles.count)
        return state.withLock { state in
            bundles.map {
                state.relationships[$0.trustDomain]?.bundle = $0
                return ItemResult()
            }
        }
    }
}
