// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// All entries and the selectors of all nodes, arranged to say quickly which entries an agent may have.
///
/// An agent may have every entry below it: those whose parent is the agent, or a node alias whose selectors the node
/// has, or an entry that the agent may have already.
package struct EntryIndex: Sendable {
    private let server: SPIFFEID
    private var entries: [String: Entry] = [:]
    private var idsByParent: [SPIFFEID: Set<String>] = [:]
    private var idsBySPIFFEID: [SPIFFEID: Set<String>] = [:]
    /// Node aliases by one of their selectors: a node that lacks that one cannot match.
    private var aliasesBySelector: [Selector: Set<String>] = [:]
    private var nodeSelectors: [SPIFFEID: Set<Selector>] = [:]

    package init(trustDomain: TrustDomain) {
        server = .server(of: trustDomain)
    }

    package var entryCount: Int { entries.count }
    package var nodeCount: Int { nodeSelectors.count }

    // MARK: - Changes

    /// Adds the entry, in place of the one with its ID.
    package mutating func setEntry(_ entry: Entry) {
        removeEntry(id: entry.id)
        entries[entry.id] = entry
        idsByParent[entry.parentID, default: []].insert(entry.id)
        idsBySPIFFEID[entry.spiffeID, default: []].insert(entry.id)
        if let selector = aliasKey(of: entry) {
            aliasesBySelector[selector, default: []].insert(entry.id)
        }
    }

    package mutating func removeEntry(id: String) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        idsByParent.remove(id, under: entry.parentID)
        idsBySPIFFEID.remove(id, under: entry.spiffeID)
        if let selector = aliasKey(of: entry) {
            aliasesBySelector.remove(id, under: selector)
        }
    }

    package mutating func setNode(id: SPIFFEID, selectors: Set<Selector>) {
        nodeSelectors[id] = selectors
    }

    package mutating func removeNode(id: SPIFFEID) {
        nodeSelectors[id] = nil
    }

    private func aliasKey(of entry: Entry) -> Selector? {
        entry.parentID == server ? entry.selectors.min() : nil
    }

    // MARK: - Answers

    package func entry(id: String) -> Entry? {
        entries[id]
    }

    /// Every entry that the agent may have, sorted by entry ID.
    package func authorizedEntries(of agent: SPIFFEID) -> [Entry] {
        var found: [String: Entry] = [:]
        var parents = [agent] + aliases(of: agent).map(\.spiffeID)
        var seen = Set(parents)
        while let parent = parents.popLast() {
            for id in idsByParent[parent] ?? [] where found[id] == nil {
                guard let entry = entries[id] else { continue }
                found[id] = entry
                if seen.insert(entry.spiffeID).inserted {
                    parents.append(entry.spiffeID)
                }
            }
        }
        return found.values.sorted { $0.id < $1.id }
    }

    /// The entry, if the agent may have it. Looks only at what is above the entry.
    package func authorizedEntry(id: String, for agent: SPIFFEID) -> Entry? {
        guard let entry = entries[id] else { return nil }
        let roots = Set([agent] + aliases(of: agent).map(\.spiffeID))
        var ancestors = [entry.parentID]
        var seen: Set<SPIFFEID> = []
        while let ancestor = ancestors.popLast() {
            if roots.contains(ancestor) { return entry }
            guard seen.insert(ancestor).inserted else { continue }
            ancestors += (idsBySPIFFEID[ancestor] ?? []).compactMap { entries[$0]?.parentID }
        }
        return nil
    }

    /// The entries that give this very SPIFFE ID.
    package func entries(for spiffeID: SPIFFEID) -> [Entry] {
        (idsBySPIFFEID[spiffeID] ?? []).compactMap { entries[$0] }
    }

    private func aliases(of agent: SPIFFEID) -> [Entry] {
        guard let selectors = nodeSelectors[agent] else { return [] }
        return selectors.flatMap { aliasesBySelector[$0] ?? [] }
            .compactMap { entries[$0] }
            .filter { $0.selectors.isSubset(of: selectors) }
    }
}

extension Dictionary where Value == Set<String> {
    fileprivate mutating func remove(_ id: String, under key: Key) {
        self[key]?.remove(id)
        if self[key]?.isEmpty == true { self[key] = nil }
    }
}
