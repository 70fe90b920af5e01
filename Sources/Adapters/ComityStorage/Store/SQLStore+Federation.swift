// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

extension SQLStore {
    package func createRelationship(_ relationship: FederationRelationship, bundle: BundleRecord?) async throws {
        try await write { transaction in
            try transaction.insert(relationship)
            if let bundle { try transaction.write(bundle) }
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
                """
                UPDATE federation_relationships SET
                    bundle_endpoint_url = \(relationship.bundleEndpointURL),
                    endpoint_spiffe_id = \(relationship.endpoint)
                WHERE trust_domain = \(trustDomain.name)
                """)
            try transaction.recordRelationship(relationship, bundle)
            return relationship
        }
    }

    package func deleteRelationship(with trustDomain: TrustDomain) async throws {
        try await write { transaction in
            let deleted = try transaction.db.execute(
                "DELETE FROM federation_relationships WHERE trust_domain = \(trustDomain.name)")
            guard deleted == 1 else { throw RegistryError.noRelationship(trustDomain) }
            try transaction.endClaims(to: [.relationship(with: trustDomain)])
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

extension SQLStore.Transaction {
    mutating func insert(_ relationship: FederationRelationship) throws {
        let created = try db.execute(
            """
            INSERT INTO federation_relationships (trust_domain, bundle_endpoint_url, endpoint_spiffe_id)
            VALUES (
                \(relationship.trustDomain.name), \(relationship.bundleEndpointURL), \(relationship.endpoint)
            ) ON CONFLICT DO NOTHING
            """)
        guard created == 1 else {
            throw RegistryError(
                .alreadyExists,
                "federation relationship with trust domain \"\(relationship.trustDomain)\" already exists")
        }
        record(.relationship(relationship.trustDomain))
    }

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
    fileprivate static func fetch(
        with trustDomain: TrustDomain, in db: any SQLConnection
    ) throws -> FederationRelationship? {
        try db.firstRow("SELECT * FROM federation_relationships WHERE trust_domain = \(trustDomain.name)")
            .map(FederationRelationship.init(row:))
    }

    func isStored(in db: any SQLConnection) throws -> Bool {
        try Self.fetch(with: trustDomain, in: db) == self
    }

    fileprivate init(row: SQLRow) throws {
        let endpointID = try (row["endpoint_spiffe_id"] as String?).map(StoredText.spiffeID)
        self.init(
            trustDomain: try StoredText.trustDomain(row["trust_domain"]),
            bundleEndpointURL: try row["bundle_endpoint_url"],
            profile: endpointID.map { .httpsSPIFFE(endpointID: $0) } ?? .httpsWeb)
    }

    fileprivate var endpoint: SQLValue {
        switch profile {
        case .httpsWeb: .null
        case .httpsSPIFFE(let id): id.uri.sqlValue
        }
    }
}

extension RegistryError {
    fileprivate static func noRelationship(_ trustDomain: TrustDomain) -> RegistryError {
        RegistryError(.notFound, "federation relationship with trust domain \"\(trustDomain)\" not found")
    }
}
