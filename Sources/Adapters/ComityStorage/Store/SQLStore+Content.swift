// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
package import SPIFFE

extension SQLStore {
    private static let contentTables: [SQLQuery] = [
        "bundles", "federation_relationships", "entries", "nodes", "join_tokens", "authority_journals",
    ]

    /// Fills an empty registry with everything, or leaves it as it is.
    ///
    /// - Throws: ``RegistryError`` with code `failedPrecondition` when there is something in it.
    package func fill(with content: RegistryContent) async throws {
        guard let journalID = content.journal.id else {
            throw RegistryError(.invalidArgument, "no X.509 authority is active")
        }
        let journal = try content.journal.encoded()
        try await write { transaction in
            guard try Self.isEmpty(transaction.db) else {
                throw RegistryError(.failedPrecondition, "the database holds a registry already")
            }
            for bundle in content.bundles { try transaction.write(bundle) }
            for relationship in content.relationships { try transaction.insert(relationship) }
            for entry in content.entries {
                try EntryPolicy.checkStorable(entry)
                try EntryRows.insert(entry, in: transaction.db)
                transaction.record(.entry(id: entry.id))
            }
            for node in content.nodes {
                try NodeRows.write(node, in: transaction.db)
                transaction.record(.node(node.id))
            }
            for token in content.joinTokens { try transaction.insert(token) }
            try transaction.setJournal(journal, id: journalID, expiresAt: content.journal.expiresAt)
        }
    }

    static func isEmpty(_ db: any SQLConnection) throws -> Bool {
        try contentTables.allSatisfy { table in
            try db.firstRow("SELECT 1 FROM \(table) LIMIT 1") == nil
        }
    }

    /// Says whether a database can be filled, without making or changing one.
    ///
    /// - Throws: ``StorageError`` when it is not ours, of another trust domain, or cannot be read.
    package static func canFill(path: String, trustDomain: TrustDomain) throws(StorageError) -> Bool {
        try SQLiteFile(path: path).holdsNothing(trustDomain: trustDomain.name)
    }

    /// Says whether a database can be filled, without making or changing its tables.
    ///
    /// - Throws: ``StorageError`` when it is not ours, of another trust domain, or cannot be read.
    @concurrent package static func canFill(
        postgres settings: PostgresSettings, trustDomain: TrustDomain
    ) async throws(StorageError) -> Bool {
        let database = try PostgresDatabase(settings: settings, timing: .system)
        return try await database.holdsNothing(trustDomain: trustDomain.name)
    }
}
