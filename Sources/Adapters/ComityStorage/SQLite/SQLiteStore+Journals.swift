// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
package import FoundationEssentials
import GRDB

extension SQLiteStore: AuthorityJournalStore {
    package func journal(id: String) async throws -> [UInt8]? {
        try await read { db in
            try Data.fetchOne(db, sql: "SELECT bytes FROM authority_journals WHERE id = ?", arguments: [id])
                .map { [UInt8]($0) }
        }
    }

    package func setJournal(
        _ bytes: [UInt8], id: String, replacing replacedID: String?, expiresAt: Date
    ) async throws {
        try await write { transaction in
            if let replacedID {
                try transaction.db.execute(
                    sql: "DELETE FROM authority_journals WHERE id = ?", arguments: [replacedID])
            }
            try transaction.db.execute(
                sql: "INSERT OR REPLACE INTO authority_journals (id, bytes, expires_at) VALUES (?, ?, ?)",
                arguments: [id, Data(bytes), expiresAt.seconds])
        }
    }

    package func pruneJournals(expiredBefore time: Date) async throws -> Int {
        try await write { transaction in
            try transaction.db.execute(
                sql: "DELETE FROM authority_journals WHERE expires_at < ?", arguments: [time.seconds])
            return transaction.db.changesCount
        }
    }
}
