// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
package import FoundationEssentials
package import SPIFFE

extension SQLStore {
    package func claimPolling(
        of trustDomains: Set<TrustDomain>, by holder: String, for duration: TimeInterval
    ) async throws -> Set<TrustDomain>? {
        guard isShared else { return nil }
        return try await write { transaction in
            let db = transaction.db
            let now = try LeaseRows.now(in: db)
            try LeaseRows.prune(at: now, in: db)
            var held: Set<TrustDomain> = []
            for trustDomain in trustDomains.sorted() {
                let current = try LeaseRows.fetch(trustDomain.name, in: db)
                guard let lease = Lease.claimed(current, by: holder, for: duration, at: now) else { continue }
                try LeaseRows.write(lease, trustDomain.name, in: db)
                held.insert(trustDomain)
            }
            return held
        }
    }

    package func releasePolling(by holder: String) async throws {
        guard isShared else { return }
        try await write { try $0.db.execute("DELETE FROM polling_leases WHERE holder = \(holder)") }
    }
}

/// Leases in their table, which only a shared database has.
private enum LeaseRows {
    /// The database's clock, for all servers the same.
    static func now(in db: any SQLConnection) throws -> Date {
        guard let now: Date = try db.firstValue("SELECT extract(epoch FROM clock_timestamp())::double precision") else {
            throw RegistryError(.internalError, "datastore-sql: database has no clock")
        }
        return now
    }

    static func fetch(_ trustDomain: String, in db: any SQLConnection) throws -> Lease? {
        try db.firstRow("SELECT holder, expires_at FROM polling_leases WHERE trust_domain = \(trustDomain)")
            .map { Lease(holder: try $0["holder"], expiresAt: try $0["expires_at"]) }
    }

    static func write(_ lease: Lease, _ trustDomain: String, in db: any SQLConnection) throws {
        try db.execute(
            """
            INSERT INTO polling_leases (trust_domain, holder, expires_at)
            VALUES (\(trustDomain), \(lease.holder), \(lease.expiresAt))
            ON CONFLICT (trust_domain) DO UPDATE SET holder = excluded.holder, expires_at = excluded.expires_at
            """)
    }

    /// Those that nobody has claimed for an hour: their relationships are gone.
    static func prune(at now: Date, in db: any SQLConnection) throws {
        try db.execute("DELETE FROM polling_leases WHERE expires_at < \(now.addingTimeInterval(-3600))")
    }
}
