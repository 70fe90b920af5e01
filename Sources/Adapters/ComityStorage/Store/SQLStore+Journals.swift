// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
package import FoundationEssentials

extension SQLStore: AuthorityJournalStore {
    package func journal(id: String) async throws -> [UInt8]? {
        try await read { db in
            try db.firstValue("SELECT bytes FROM authority_journals WHERE id = \(id)")
        }
    }

    package func setJournal(
        _ bytes: [UInt8], id: String, replacing replacedID: String?, expiresAt: Date
    ) async throws {
        try await write { transaction in
            if let replacedID {
                try transaction.db.execute("DELETE FROM authority_journals WHERE id = \(replacedID)")
            }
            try transaction.setJournal(bytes, id: id, expiresAt: expiresAt)
        }
    }

    package func pruneJournals(expiredBefore time: Date) async throws -> Int {
        try await write { transaction in
            try transaction.db.execute("DELETE FROM authority_journals WHERE expires_at < \(time)")
        }
    }
}

extension SQLStore.Transaction {
    func setJournal(_ bytes: [UInt8], id: String, expiresAt: Date) throws {
        try db.execute(
            """
            INSERT INTO authority_journals (id, bytes, expires_at) VALUES (\(id), \(bytes), \(expiresAt))
            ON CONFLICT (id) DO UPDATE SET bytes = excluded.bytes, expires_at = excluded.expires_at
            """)
    }
}
