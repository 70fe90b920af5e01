// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import GRDB
import SPIFFE

/// Bundles in their three tables.
enum BundleRows {
    static func rowID(of trustDomain: TrustDomain, in db: Database) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM bundles WHERE trust_domain = ?"), arguments: [trustDomain.name])
    }

    static func fetch(of trustDomain: TrustDomain, in db: Database) throws -> BundleRecord? {
        let statement = try db.cachedStatement(sql: "SELECT * FROM bundles WHERE trust_domain = ?")
        return try Row.fetchOne(statement, arguments: [trustDomain.name]).map { try record($0, in: db) }
    }

    static func record(_ row: Row, in db: Database) throws -> BundleRecord {
        var record = BundleRecord(SPIFFEBundle(trustDomain: try StoredText.trustDomain(row["trust_domain"])))
        record.bundle.sequenceNumber = (row["sequence_number"] as Int64?).map { UInt64(bitPattern: $0) }
        record.bundle.refreshHint = row["refresh_hint"]
        try readX509Authorities(of: row["id"], into: &record, in: db)
        try readJWTAuthorities(of: row["id"], into: &record, in: db)
        return record
    }

    private static func readX509Authorities(of rowID: Int64, into record: inout BundleRecord, in db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM bundle_x509_authorities WHERE bundle_id = ? ORDER BY position")
        for row in try Row.fetchAll(statement, arguments: [rowID]) {
            let authority: X509Authority
            do {
                authority = try X509Authority(derBytes: [UInt8](row["certificate"] as Data))
            } catch {
                throw StoredText.damaged("authority of", record.trustDomain.name, error)
            }
            record.bundle.x509Authorities.append(authority)
            if row["is_tainted"] {
                record.taintedX509Authorities.insert(authority)
            }
        }
    }

    private static func readJWTAuthorities(of rowID: Int64, into record: inout BundleRecord, in db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM bundle_jwt_authorities WHERE bundle_id = ? ORDER BY position")
        for row in try Row.fetchAll(statement, arguments: [rowID]) {
            let keyID: String = row["key_id"]
            do {
                record.bundle.jwtAuthorities.append(
                    try JWTAuthority(keyID: keyID, publicKeyDERBytes: [UInt8](row["public_key"] as Data)))
            } catch {
                throw StoredText.damaged("authority of", record.trustDomain.name, error)
            }
            record.jwtExpirations[keyID] = row.date("expires_at")
            if row["is_tainted"] {
                record.taintedJWTKeyIDs.insert(keyID)
            }
        }
    }

    /// Writes the record in place of what was there; its place in listings stays.
    static func write(_ record: BundleRecord, in db: Database) throws {
        let rowID = try Int64.fetchOne(
            db.cachedStatement(
                sql: """
                    INSERT INTO bundles (trust_domain, sequence_number, refresh_hint) VALUES (?, ?, ?)
                    ON CONFLICT (trust_domain) DO UPDATE SET
                        sequence_number = excluded.sequence_number, refresh_hint = excluded.refresh_hint
                    RETURNING id
                    """),
            arguments: [
                record.trustDomain.name, record.bundle.sequenceNumber.map { Int64(bitPattern: $0) },
                record.bundle.refreshHint,
            ])
        guard let rowID else { throw RegistryError(.internalError, "datastore-sql: bundle was not stored") }
        try writeX509Authorities(record, rowID: rowID, in: db)
        try writeJWTAuthorities(record, rowID: rowID, in: db)
    }

    private static func writeX509Authorities(_ record: BundleRecord, rowID: Int64, in db: Database) throws {
        try db.execute(sql: "DELETE FROM bundle_x509_authorities WHERE bundle_id = ?", arguments: [rowID])
        let insertion = try db.cachedStatement(
            sql: """
                INSERT INTO bundle_x509_authorities (bundle_id, position, certificate, is_tainted) VALUES (?, ?, ?, ?)
                """)
        for (position, authority) in record.bundle.x509Authorities.enumerated() {
            try insertion.execute(arguments: [
                rowID, position, Data(authority.derBytes), record.taintedX509Authorities.contains(authority),
            ])
        }
    }

    private static func writeJWTAuthorities(_ record: BundleRecord, rowID: Int64, in db: Database) throws {
        try db.execute(sql: "DELETE FROM bundle_jwt_authorities WHERE bundle_id = ?", arguments: [rowID])
        let insertion = try db.cachedStatement(
            sql: """
                INSERT INTO bundle_jwt_authorities (bundle_id, position, key_id, public_key, expires_at, is_tainted)
                VALUES (?, ?, ?, ?, ?, ?)
                """)
        for (position, authority) in record.bundle.jwtAuthorities.enumerated() {
            try authority.keyID.requireStorable(as: "key ID")
            try insertion.execute(arguments: [
                rowID, position, authority.keyID, Data(try authority.publicKeyDERBytes()),
                record.jwtExpirations[authority.keyID]?.seconds, record.taintedJWTKeyIDs.contains(authority.keyID),
            ])
        }
    }
}
