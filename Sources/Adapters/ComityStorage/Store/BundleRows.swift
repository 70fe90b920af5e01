// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import SPIFFE

/// Bundles in their three tables.
enum BundleRows {
    static func rowID(of trustDomain: TrustDomain, in db: any SQLConnection) throws -> Int64? {
        try db.firstValue("SELECT id FROM bundles WHERE trust_domain = \(trustDomain.name)")
    }

    static func fetch(of trustDomain: TrustDomain, in db: any SQLConnection) throws -> BundleRecord? {
        try db.firstRow("SELECT * FROM bundles WHERE trust_domain = \(trustDomain.name)").map { try record($0, in: db) }
    }

    static func record(_ row: SQLRow, in db: any SQLConnection) throws -> BundleRecord {
        var record = BundleRecord(SPIFFEBundle(trustDomain: try StoredText.trustDomain(row["trust_domain"])))
        record.bundle.sequenceNumber = (try row["sequence_number"] as Int64?).map { UInt64(bitPattern: $0) }
        record.bundle.refreshHint = try row["refresh_hint"]
        try readX509Authorities(of: row["id"], into: &record, in: db)
        try readJWTAuthorities(of: row["id"], into: &record, in: db)
        return record
    }

    private static func readX509Authorities(of rowID: Int64, into record: inout BundleRecord, in db: any SQLConnection)
        throws
    {
        let query: SQLQuery = "SELECT * FROM bundle_x509_authorities WHERE bundle_id = \(rowID) ORDER BY position"
        for row in try db.rows(query) {
            let authority: X509Authority
            do {
                authority = try X509Authority(derBytes: row["certificate"])
            } catch {
                throw StoredText.damaged("authority of", record.trustDomain.name, error)
            }
            record.bundle.x509Authorities.append(authority)
            if try row["is_tainted"] {
                record.taintedX509Authorities.insert(authority)
            }
        }
    }

    private static func readJWTAuthorities(of rowID: Int64, into record: inout BundleRecord, in db: any SQLConnection)
        throws
    {
        let query: SQLQuery = "SELECT * FROM bundle_jwt_authorities WHERE bundle_id = \(rowID) ORDER BY position"
        for row in try db.rows(query) {
            let keyID: String = try row["key_id"]
            do {
                record.bundle.jwtAuthorities.append(
                    try JWTAuthority(keyID: keyID, publicKeyDERBytes: row["public_key"]))
            } catch {
                throw StoredText.damaged("authority of", record.trustDomain.name, error)
            }
            record.jwtExpirations[keyID] = try row["expires_at"] as Date?
            if try row["is_tainted"] {
                record.taintedJWTKeyIDs.insert(keyID)
            }
        }
    }

    /// Writes the record in place of what was there; its place in listings stays.
    static func write(_ record: BundleRecord, in db: any SQLConnection) throws {
        let values: [any SQLConvertible] = [
            record.trustDomain.name, record.bundle.sequenceNumber.map { Int64(bitPattern: $0) },
            record.bundle.refreshHint,
        ]
        let rowID: Int64? = try db.firstValue(
            """
            INSERT INTO bundles (trust_domain, sequence_number, refresh_hint) VALUES (\(values.list))
            ON CONFLICT (trust_domain) DO UPDATE SET
                sequence_number = excluded.sequence_number, refresh_hint = excluded.refresh_hint
            RETURNING id
            """)
        guard let rowID else { throw RegistryError(.internalError, "datastore-sql: bundle was not stored") }
        try writeX509Authorities(record, rowID: rowID, in: db)
        try writeJWTAuthorities(record, rowID: rowID, in: db)
    }

    private static func writeX509Authorities(_ record: BundleRecord, rowID: Int64, in db: any SQLConnection) throws {
        try db.execute("DELETE FROM bundle_x509_authorities WHERE bundle_id = \(rowID)")
        for (position, authority) in record.bundle.x509Authorities.enumerated() {
            let isTainted = record.taintedX509Authorities.contains(authority)
            try db.execute(
                """
                INSERT INTO bundle_x509_authorities (bundle_id, position, certificate, is_tainted)
                VALUES (\(rowID), \(position), \(authority.derBytes), \(isTainted))
                """)
        }
    }

    private static func writeJWTAuthorities(_ record: BundleRecord, rowID: Int64, in db: any SQLConnection) throws {
        try db.execute("DELETE FROM bundle_jwt_authorities WHERE bundle_id = \(rowID)")
        for (position, authority) in record.bundle.jwtAuthorities.enumerated() {
            try authority.keyID.requireStorable(as: "key ID")
            let values: [any SQLConvertible] = [
                rowID, position, authority.keyID, try authority.publicKeyDERBytes(),
                record.jwtExpirations[authority.keyID], record.taintedJWTKeyIDs.contains(authority.keyID),
            ]
            try db.execute(
                """
                INSERT INTO bundle_jwt_authorities (bundle_id, position, key_id, public_key, expires_at, is_tainted)
                VALUES (\(values.list))
                """)
        }
    }
}
