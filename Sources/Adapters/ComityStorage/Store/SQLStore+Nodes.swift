// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import FoundationEssentials
package import SPIFFE

extension SQLStore {
    package func putNode(_ node: AttestedNode) async throws {
        try await write { transaction in
            try NodeRows.write(node, in: transaction.db)
            transaction.record(.node(node.id))
        }
    }

    package func node(id: SPIFFEID) async throws -> AttestedNode? {
        try await read { try NodeRows.fetch(id: id, in: $0) }
    }

    package func listNodes(_ filter: NodeFilter, page: PageRequest) async throws -> Page<AttestedNode> {
        let condition = filter.condition
        return try await read { db in
            let (rows, token) = try page.rows(db, of: "nodes", where: condition)
            return Page(items: try NodeRows.nodes(rows, in: db), nextToken: token)
        }
    }

    package func countNodes(_ filter: NodeFilter) async throws -> Int {
        let condition = filter.condition
        return try await read { db in
            try db.firstValue("SELECT COUNT(*) FROM nodes WHERE \(condition)") ?? 0
        }
    }

    package func updateNode(
        id: SPIFFEID, _ change: @Sendable @escaping (inout AttestedNode) -> Void
    ) async throws -> AttestedNode {
        try await write { transaction in
            guard let stored = try NodeRows.fetch(id: id, in: transaction.db) else { throw RegistryError.noNode }
            var node = stored
            change(&node)
            node.id = id
            if node != stored {
                try NodeRows.write(node, in: transaction.db)
                transaction.record(.node(id))
            }
            return node
        }
    }

    package func deleteNode(id: SPIFFEID) async throws -> AttestedNode {
        try await write { transaction in
            guard let node = try NodeRows.fetch(id: id, in: transaction.db) else { throw RegistryError.noNode }
            try transaction.db.execute("DELETE FROM nodes WHERE spiffe_id = \(id.uri)")
            transaction.record(.node(id))
            try transaction.deleteEntries(NodeRows.joinTokenEntries(of: id, in: transaction.db))
            return node
        }
    }
}

extension NodeFilter {
    /// A condition on the table of nodes.
    fileprivate var condition: SQLQuery {
        var conditions: [SQLQuery] = []
        if let attestationType {
            conditions.append(attestationType.isStorable ? "attestation_type = \(attestationType)" : "FALSE")
        }
        if let isBanned { conditions.append(isBanned ? "serial_number = ''" : "serial_number <> ''") }
        if let canReattest { conditions.append("can_reattest = \(canReattest)") }
        if let expiresBefore { conditions.append("expires_at < \(expiresBefore)") }
        if let selectors {
            conditions.append(
                SetTable.nodeSelectors.condition(selectors.elements.map(\.description), selectors.texts))
        }
        return conditions.conjunction
    }
}

extension RegistryError {
    fileprivate static let noNode = RegistryError(.notFound, "agent not found")
}
