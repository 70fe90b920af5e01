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
        var relationships: [TrustDomain: FederationRelationship] = [:]
        var bundles: [TrustDomain: SPIFFEBundle] = [:]
        /// What was called, in order, with the number of items.
        var calls: [String] = []
        /// Calls by name that fail before they have done anything, and how many of them may pass before.
        var failing: [String: Int] = [:]
        /// Why the server refuses an entry, by its SPIFFE ID.
        var refused: [String: String] = [:]
        /// Done before entries are created, once: another writer.
        var beforeCreation: (@Sendable (inout State) -> Void)?
        var isDown = false
        /// Refuses entries whose bundles are missing, as SPIRE's servers do.
        var requiresBundles = false
    }

    let state: Mutex<State>

    init(entries: [Entry] = [], relationships: [FederationRelationship] = []) {
        var state = State()
        for entry in entries { state.entries[entry.id] = entry }
        for relationship in relationships { state.relationships[relationship.trustDomain] = relationship }
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

    func entryVersions() async throws -> [EntryVersion] {
        try called("entry versions")
        return entriesNow.map(EntryVersion.init)
    }

    func entry(_ id: String) async throws -> Entry? {
        try called("entry \(id)")
        return state.withLock { $0.entries[id] }
    }

    func storedBundles() async throws -> StoredBundles {
        state.withLock { StoredBundles(Set($0.bundles.keys), areRequired: $0.requiresBundles) }
    }

    func createEntries(_ entries: [Entry]) async throws -> [ItemResult] {
        try called("create", entries.count)
        return state.withLock { state in
            if let before = state.beforeCreation {
                state.beforeCreation = nil
                before(&state)
            }
            return entries.map { entry in
                if state.requiresBundles, !entry.federatesWith.isSubset(of: state.bundles.keys) {
                    return ItemResult(code: 9, message: "unable to find federated bundle")
                }
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

    func federation() async throws -> ServerFederation {
        try called("federation")
        return state.withLock { state in
            var federation = ServerFederation()
            federation.bundles = state.bundles
            federation.relationships = state.relationships.sorted { $0.key < $1.key }.map {
                .init(relationship: $0.value, bundle: state.bundles[$0.key])
            }
            return federation
        }
    }

    func dissolveBundles(of trustDomains: [TrustDomain]) async throws -> [ItemResult] {
        try called("dissolve bundles", trustDomains.count)
        return state.withLock { state in
            trustDomains.map {
                state.bundles.removeValue(forKey: $0) == nil ? ItemResult(code: 5, message: "not found") : ItemResult()
            }
        }
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
                state.relationships[name] = change.relationship
                if let bundle = change.bundle { state.bundles[name] = bundle }
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
                state.bundles[$0.trustDomain] = $0
                return ItemResult()
            }
        }
    }
}
