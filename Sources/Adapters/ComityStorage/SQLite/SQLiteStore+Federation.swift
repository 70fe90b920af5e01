// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import FoundationEssentials
import GRDB
package import SPIFFE

extension SQLiteStore {
    package func createRelationship(_ relationship: FederationRelationship, bundle: BundleRecord?) async throws {
        try await write { transaction in
            try transaction.db.execute(
                sql: """
                    INSERT INTO federation_relationships (bundle_endpoint_url, endpoint_spiffe_id, trust_domain)
                    VALUES (?, ?, ?) ON CONFLICT DO NOTHING
                    """, arguments: relationship.values)
            guard transaction.db.changesCount == 1 else {
                throw RegistryError(
                    .alreadyExists,
                    "federation relationship with trust domain \"\(relationship.trustDomain)\" already exists")
            }
            try transaction.recordRelationship(relationship, bundle)
        }
    }

    package func updateRelationship(
        with trustDomain: TrustDomain, bundle: BundleRecord?,
        _ change: @Sendable @escaping (inout FederationRelationship) -> Void
    ) async throws -> FederationRelationship {
        try await write { transaction in
            guard var relationship = try FederationRelationship.fetch(with: trustDomain, in: transaction.db) else {
                throw RegistryError.noRelationship(trustDomain)
            }
            change(&relationship)
            relationship.trustDomain = trustDomain
            try transaction.db.execute(
                sql: """
                    UPDATE federation_relationships SET bundle_endpoint_url = ?, endpoint_spiffe_id = ?
                    WHERE trust_domain = ?
                    """, arguments: relationship.values)
            try transaction.recordRelationship(relationship, bundle)
            return relationship
        }
    }

    package func deleteRelationship(with trustDomain: TrustDomain) async throws {
        try await write { transaction in
            try transaction.db.execute(
                sql: "DELETE FROM federation_relationships WHERE trust_domain = ?", arguments: [trustDomain.name])
            guard transaction.db.changesCount == 1 else { throw RegistryError.noRelationship(trustDomain) }
            transaction.record(.relationship(trustDomain))
        }
    }

    package func relationship(with trustDomain: TrustDomain) async throws -> FederationRelationship? {
        try await read { try FederationRelationship.fetch(with: trustDomain, in: $0) }
    }

    package func listRelationships(page: PageRequest) async throws -> Page<FederationRelationship> {
        try await read { db in
            let (rows, token) = try page.rows(db, of: "federation_relationships", where: "TRUE")
            return Page(items: try rows.map(FederationRelationship.init(row:)), nextToken: token)
        }
    }

    package func changeBundle(
        of trustDomain: TrustDomain, while relationship: FederationRelationship?,
        _ change: @Sendable @escaping (inout BundleRecord?) throws -> Void
    ) async throws {
        try await write { transaction in
            guard try relationship?.isStored(in: transaction.db) ?? true else {
                throw RegistryError(
                    .failedPrecondition, "federation relationship with trust domain \"\(trustDomain)\" was changed")
            }
            let stored = try BundleRows.fetch(of: trustDomain, in: transaction.db)
            var record = stored
            try change(&record)
            record?.bundle.trustDomain = trustDomain
            if let record, record != stored {
                try transaction.write(record)
            }
        }
    }
}

extension SQLiteStore.Transaction {
    fileprivate mutating func recordRelationship(
        _ relationship: FederationRelationship, _ bundle: BundleRecord?
    ) throws {
        record(.relationship(relationship.trustDomain))
        if let bundle {
            try write(bundle)
        }
    }
}

extension FederationRelationship {
    fileprivate static func fetch(with trustDomain: TrustDomain, in db: Database) throws -> FederationRelationship? {
        try Row.fetchOne(
            db, sql: "SELECT * FROM federation_relationships WHERE trust_domain = ?", arguments: [trustDomain.name]
        ).map(FederationRelationship.init(row:))
    }

    func isStored(in db: Database) throws -> Bool {
        try Self.fetch(with: trustDomain, in: db) == self
    }

    fileprivate init(row: Row) throws {
        let endpointID = try (row["endpoint_spiffe_id"] as String?).map(StoredText.spiffeID)
        self.init(
            trustDomain: try StoredText.trustDomain(row["trust_domain"]), bundleEndpointURL: row["bundle_endpoint_url"],
            profile: endpointID.map { .httpsSPIFFE(endpointID: $0) } ?? .httpsWeb)
    }

    /// In the order that both statements name the columns in.
    fileprivate var values: StatementArguments {
        let endpointID: String? =
            switch profile {
            case .httpsWeb: nil
            case .httpsSPIFFE(let id): id.uri
            }
        return [bundleEndpointURL, endpointID, trustDomain.name]
    }
}

extension RegistryError {
    fileprivate static func noRelationship(_ trustDomain: TrustDomain) -> RegistryError {
        RegistryError(.notFound, "federation relationship with trust domain \"\(trustDomain)\" not found")
    }
}
