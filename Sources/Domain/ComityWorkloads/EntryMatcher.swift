// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry

/// The entries an agent serves, found by the selectors of a workload.
///
/// An entry applies when all its selectors are among the workload's. Each entry is filed under one of its selectors, the
/// one with the fewest entries so far, so that a look-up reads few that do not apply.
package struct EntryMatcher: Sendable {
    package private(set) var entries: [String: Entry] = [:]
    private var files: [Selector: Set<String>] = [:]
    private var places: [String: Selector] = [:]

    package init() {}

    /// What a replacement changed, by entry ID.
    package struct Change: Hashable, Sendable {
        /// New, or no longer as they were.
        package var updated: Set<String> = []
        package var removed: Set<String> = []

        package init(updated: Set<String> = [], removed: Set<String> = []) {
            self.updated = updated
            self.removed = removed
        }

        package var isEmpty: Bool { updated.isEmpty && removed.isEmpty }
    }

    /// Takes over a complete set of entries. Left out are entries that are not for workloads: those whose SVIDs are
    /// stored elsewhere, and those without selectors, which would apply to every process.
    package mutating func replace(with newEntries: [String: Entry]) -> Change {
        var change = Change()
        let served = newEntries.filter { !$0.value.storesSVID && !$0.value.selectors.isEmpty }
        for id in entries.keys where served[id] == nil {
            remove(id)
            change.removed.insert(id)
        }
        for (id, entry) in served where entries[id] != entry {
            remove(id)
            insert(entry, as: id)
            change.updated.insert(id)
        }
        return change
    }

    /// The entries that apply to a workload, in the order of their IDs.
    package func entries(for selectors: Set<Selector>) -> [Entry] {
        var found: [Entry] = []
        for selector in selectors {
            guard let ids = files[selector] else { continue }
            found += ids.compactMap { entries[$0] }.filter { $0.selectors.isSubset(of: selectors) }
        }
        return found.sorted { $0.id < $1.id }
    }

    private mutating func insert(_ entry: Entry, as id: String) {
        let rarest = entry.selectors.min { (files[$0]?.count ?? 0, $0) < (files[$1]?.count ?? 0, $1) }
        guard let rarest else { return }
        entries[id] = entry
        places[id] = rarest
        files[rarest, default: []].insert(id)
    }

    private mutating func remove(_ id: String) {
        guard entries.removeValue(forKey: id) != nil, let place = places.removeValue(forKey: id) else { return }
        files[place]?.remove(id)
        if files[place]?.isEmpty == true { files[place] = nil }
    }
}
