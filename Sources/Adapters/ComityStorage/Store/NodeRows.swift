// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import SPIFFE

/// Nodes in their two tables.
enum NodeRows {
    static func fetch(id: SPIFFEID, in db: any SQLConnection) throws -> AttestedNode? {
        try nodes(db.rows("SELECT * FROM nodes WHERE spiffe_id = \(id.uri)"), in: db).first
    }

    static func nodes(_ rows: [SQLRow], in db: any SQLConnection) throws -> [AttestedNode] {
        let selectors = try SetTable.nodeSelectors.read(of: rows.map { try $0["id"] }, in: db)
        return try rows.map { row in
            var node = AttestedNode(
                id: try StoredText.spiffeID(row["spiffe_id"]), attestationType: try row["attestation_type"],
                serialNumber: try row["serial_number"], expiresAt: try row["expires_at"],
                selectors: Set(try (selectors[row["id"]] ?? []).map(StoredText.selector)),
                canReattest: try row["can_reattest"])
            node.newSerialNumber = try row["new_serial_number"]
            node.newExpiresAt = try row["new_expires_at"]
            node.agentVersion = try row["agent_version"]
            return node
        }
    }

    /// Writes the node in place of what was known of it; its place in listings stays.
    static func write(_ node: AttestedNode, in db: any SQLConnection) throws {
        try node.attestationType.requireStorable(as: "attestation type")
        try node.agentVersion.requireStorable(as: "agent version")
        let values: [any SQLConvertible] = [
            node.id.uri, node.attestationType, node.serialNumber, node.expiresAt, node.newSerialNumber,
            node.newExpiresAt, node.canReattest, node.agentVersion,
        ]
        let rowID: Int64? = try db.firstValue(
            """
            INSERT INTO nodes (
                spiffe_id, attestation_type, serial_number, expires_at, new_serial_number, new_expires_at,
                can_reattest, agent_version
            ) VALUES (\(values.list))
            ON CONFLICT (spiffe_id) DO UPDATE SET
                attestation_type = excluded.attestation_type, serial_number = excluded.serial_number,
                expires_at = excluded.expires_at, new_serial_number = excluded.new_serial_number,
                new_expires_at = excluded.new_expires_at, can_reattest = excluded.can_reattest,
                agent_version = excluded.agent_version
            RETURNING id
            """)
        guard let rowID else { throw RegistryError(.internalError, "datastore-sql: node was not stored") }
        try SetTable.nodeSelectors.write(node.selectors.map(\.description), of: rowID, in: db)
    }

    /// The entries that `token generate -spiffeID` made: below the node, with the node's ID as only selector.
    static func joinTokenEntries(of id: SPIFFEID, in db: any SQLConnection) throws -> [Int64: Entry] {
        let selector = SetTable.entrySelectors.condition(["spiffe_id:\(id.uri)"], .exact)
        return try EntryRows.fetch(where: "parent_id = \(id.uri) AND \(selector)", in: db)
    }
}
