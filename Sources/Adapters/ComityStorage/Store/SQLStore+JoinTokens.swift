// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import FoundationEssentials

extension SQLStore {
    package func createJoinToken(_ token: JoinToken) async throws {
        try token.value.requireStorable(as: "join token")
        try await write { transaction in
            try transaction.insert(token)
        }
    }

    package func consumeJoinToken(_ value: String) async throws -> JoinToken? {
        guard value.isStorable else { return nil }
        return try await write { transaction in
            try transaction.db.firstRow("DELETE FROM join_tokens WHERE value = \(value) RETURNING value, expires_at")
                .map { JoinToken(value: try $0["value"], expiresAt: try $0["expires_at"]) }
        }
    }

    package func pruneJoinTokens(expiredBefore time: Date) async throws -> Int {
        try await write { transaction in
            try transaction.db.execute("DELETE FROM join_tokens WHERE expires_at < \(time)")
        }
    }
}

extension SQLStore.Transaction {
    func insert(_ token: JoinToken) throws {
        let created = try db.execute(
            """
            INSERT INTO join_tokens (value, expires_at) VALUES (\(token.value), \(token.expiresAt))
            ON CONFLICT DO NOTHING
            """)
        guard created == 1 else {
            throw RegistryError(.alreadyExists, "join token already exists")
        }
    }
}
