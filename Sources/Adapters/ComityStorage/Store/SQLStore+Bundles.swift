// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

extension SQLStore {
    package func bundle(of trustDomain: TrustDomain) async throws -> BundleRecord? {
        try await read { try BundleRows.fetch(of: trustDomain, in: $0) }
    }

    package func listBundles(page: PageRequest) async throws -> Page<BundleRecord> {
        try await read { db in
            let (rows, token) = try page.rows(db, of: "bundles", where: "TRUE")
            return Page(items: try rows.map { try BundleRows.record($0, in: db) }, nextToken: token)
        }
    }

    package func countBundles() async throws -> Int {
        try await read { try $0.firstValue("SELECT COUNT(*) FROM bundles") ?? 0 }
    }

    package func createBundle(_ record: BundleRecord) async throws {
        try await write { transaction in
            guard try BundleRows.rowID(of: record.trustDomain, in: transaction.db) == nil else {
                throw RegistryError(.alreadyExists, "bundle already exists")
            }
            try transaction.write(record)
        }
    }

    package func setBundle(_ record: BundleRecord) async throws {
        try await write { try $0.write(record) }
    }

    package func updateBundle(_ record: BundleRecord, fields: Set<BundleField>) async throws -> BundleRecord {
        try await write { transaction in
            guard let stored = try BundleRows.fetch(of: record.trustDomain, in: transaction.db) else {
                throw RegistryError(.notFound, "bundle not found")
            }
            let updated = stored.updated(with: record, fields: fields)
            try transaction.write(updated)
            return updated
        }
    }

    package func changeBundle(
        of trustDomain: TrustDomain, _ change: @Sendable @escaping (inout BundleRecord) throws -> Void
    ) async throws -> BundleRecord {
        try await write { transaction in
            let stored =
                try BundleRows.fetch(of: trustDomain, in: transaction.db)
                ?? BundleRecord(SPIFFEBundle(trustDomain: trustDomain))
            var record = stored
            try change(&record)
            record.bundle.trustDomain = trustDomain
            if record != stored {
                try transaction.write(record)
            }
            return record
        }
    }

    package func deleteBundle(of trustDomain: TrustDomain, _ mode: BundleDeletion) async throws {
        try await write { transaction in
            guard let rowID = try BundleRows.rowID(of: trustDomain, in: transaction.db) else {
                throw RegistryError(.notFound, "bundle not found")
            }
            try transaction.releaseEntries(federatedWith: trustDomain, mode)
            try transaction.db.execute("DELETE FROM bundles WHERE id = \(rowID)")
            try transaction.endClaims(to: [.bundle(of: trustDomain)])
            transaction.record(.bundle(trustDomain))
        }
    }
}

extension SQLStore.Transaction {
    mutating func write(_ bundle: BundleRecord) throws {
        try BundleRows.write(bundle, in: db)
        record(.bundle(bundle.trustDomain))
    }

    fileprivate mutating func releaseEntries(federatedWith trustDomain: TrustDomain, _ mode: BundleDeletion) throws {
        let entries = try EntryRows.fetch(
            where: SetTable.entryTrustDomains.condition([trustDomain.name], .any), in: db)
        switch mode {
        case .restrict:
            guard entries.isEmpty else {
                throw RegistryError(
                    .failedPrecondition,
                    "datastore-sql: cannot delete bundle; federated with \(entries.count) registration entries")
            }
        case .delete:
            try deleteEntries(entries)
        case .dissociate:
            for (rowID, entry) in entries {
                // A new revision, so that agents notice.
                var released = entry.updated(with: entry, fields: [])
                released.federatesWith.remove(trustDomain)
                try EntryRows.update(released, rowID: rowID, in: db)
                record(.entry(id: entry.id))
            }
        }
    }
}
