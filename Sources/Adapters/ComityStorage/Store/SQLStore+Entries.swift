// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import FoundationEssentials
import SPIFFE

extension SQLStore {
    package func createEntry(_ entry: Entry, now: Date) async throws -> EntryCreation {
        var new = entry
        if new.id.isEmpty {
            new.id = UUID().uuidString.lowercased()
        }
        new.revisionNumber = 0
        new.createdAt = Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
        try EntryPolicy.checkStorable(new)
        return try await write { [new] transaction in
            if let similar = try EntryRows.similar(to: new, in: transaction.db) {
                return .similarExists(similar)
            }
            guard try EntryRows.rowID(of: new.id, in: transaction.db) == nil else {
                throw RegistryError(.alreadyExists, "entry ID \"\(new.id)\" belongs to another entry")
            }
            try EntryRows.insert(new, in: transaction.db)
            transaction.record(.entry(id: new.id))
            return .created(new)
        }
    }

    package func entry(id: String) async throws -> Entry? {
        guard id.isStorable else { return nil }
        return try await read { try EntryRows.fetch(id: id, in: $0)?.entry }
    }

    package func listEntries(_ filter: EntryFilter, page: PageRequest) async throws -> Page<Entry> {
        let condition = filter.condition
        return try await read { db in
            let (rows, token) = try page.rows(db, of: "entries", where: condition)
            return Page(items: try EntryRows.entries(rows, in: db), nextToken: token)
        }
    }

    package func countEntries(_ filter: EntryFilter) async throws -> Int {
        let condition = filter.condition
        return try await read { db in
            try db.firstValue("SELECT COUNT(*) FROM entries WHERE \(condition)") ?? 0
        }
    }

    package func updateEntry(_ entry: Entry, fields: Set<EntryField>) async throws -> Entry {
        guard entry.id.isStorable else { throw RegistryError.noEntry }
        return try await write { transaction in
            guard let (rowID, stored) = try EntryRows.fetch(id: entry.id, in: transaction.db) else {
                throw RegistryError.noEntry
            }
            let updated = stored.updated(with: entry, fields: fields)
            try EntryPolicy.checkStorable(updated)
            try EntryRows.update(updated, rowID: rowID, in: transaction.db)
            transaction.record(.entry(id: updated.id))
            return updated
        }
    }

    package func deleteEntry(id: String) async throws -> Entry {
        guard id.isStorable else { throw RegistryError.noEntry }
        return try await write { transaction in
            guard let (rowID, entry) = try EntryRows.fetch(id: id, in: transaction.db) else {
                throw RegistryError.noEntry
            }
            try transaction.deleteEntries([rowID: entry])
            return entry
        }
    }

    package func pruneEntries(expiredBefore time: Date) async throws -> [Entry] {
        try await write { transaction in
            let entries = try EntryRows.fetch(where: "expires_at < \(time)", in: transaction.db)
            try transaction.deleteEntries(entries)
            return entries.values.sorted { $0.id < $1.id }
        }
    }
}

extension SQLStore.Transaction {
    mutating func deleteEntries(_ entries: [Int64: Entry]) throws {
        try db.execute("DELETE FROM entries WHERE id IN \(rows: Array(entries.keys))")
        try endClaims(to: entries.values.map { .entry(id: $0.id) })
        for entry in entries.values {
            record(.entry(id: entry.id))
        }
    }
}

extension EntryFilter {
    /// A condition on the table of entries.
    fileprivate var condition: SQLQuery {
        var conditions: [SQLQuery] = []
        if let spiffeID { conditions.append("spiffe_id = \(spiffeID.uri)") }
        if let parentID { conditions.append("parent_id = \(parentID.uri)") }
        if let hint { conditions.append(hint.isStorable ? "hint = \(hint)" : "FALSE") }
        if isDownstream == true { conditions.append("is_downstream") }
        if let selectors {
            conditions.append(
                SetTable.entrySelectors.condition(selectors.elements.map(\.description), selectors.texts))
        }
        if let federatesWith {
            conditions.append(
                SetTable.entryTrustDomains.condition(federatesWith.elements.map(\.name), federatesWith.texts))
        }
        return conditions.conjunction
    }
}

extension RegistryError {
    fileprivate static let noEntry = RegistryError(.notFound, "entry not found")
}
