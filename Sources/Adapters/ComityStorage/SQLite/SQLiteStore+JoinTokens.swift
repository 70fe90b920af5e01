// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import FoundationEssentials
import GRDB

extension SQLiteStore {
    package func createJoinToken(_ token: JoinToken) async throws {
        try token.value.requireStorable(as: "join token")
        try await write { transaction in
            let db = transaction.db
            try db.execute(
                sql: "INSERT INTO join_tokens (value, expires_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                arguments: [token.value, token.expiresAt.seconds])
            guard db.changesCount == 1 else {
                throw RegistryError(.alreadyExists, "join token already exists")
            }
        }
    }

    package func consumeJoinToken(_ value: String) async throws -> JoinToken? {
        guard value.isStorable else { return nil }
        return try await write { transaction in
            try Row.fetchOne(
                transaction.db, sql: "DELETE FROM join_tokens WHERE value = ? RETURNING value, expires_at",
                arguments: [value]
            ).map { JoinToken(value: $0["value"], expiresAt: Date(timeIntervalSince1970: $0["expires_at"])) }
        }
    }

    package func pruneJoinTokens(expiredBefore time: Date) async throws -> Int {
        try await write { transaction in
            try transaction.db.execute(
                sql: "DELETE FROM join_tokens WHERE expires_at < ?", arguments: [time.seconds])
            return transaction.db.changesCount
        }
    }
}
