// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import FoundationEssentials
package import SPIFFE

extension SQLStore {
    package func setFederationStatus(
        _ status: FederationStatus, while relationship: FederationRelationship?
    ) async throws {
        try await write { transaction in
            guard try relationship?.isStored(in: transaction.db) ?? true else { return }
            try transaction.db.execute(
                """
                INSERT INTO federation_statuses (
                    trust_domain, last_success_at, last_attempt_at, next_attempt_at, failure_class, failure_message,
                    consecutive_failures, sequence_number, last_change_at
                ) VALUES (\(status.values.list))
                ON CONFLICT (trust_domain) DO UPDATE SET
                    last_success_at = excluded.last_success_at, last_attempt_at = excluded.last_attempt_at,
                    next_attempt_at = excluded.next_attempt_at, failure_class = excluded.failure_class,
                    failure_message = excluded.failure_message,
                    consecutive_failures = excluded.consecutive_failures,
                    sequence_number = excluded.sequence_number,
                    -- A server that was started anew knows of none.
                    last_change_at = COALESCE(excluded.last_change_at, federation_statuses.last_change_at)
                """)
        }
    }

    package func federationStatuses() async throws -> [FederationStatus] {
        try await read { db in
            try db.rows("SELECT * FROM federation_statuses ORDER BY trust_domain").map(FederationStatus.init(row:))
        }
    }

    package func deleteFederationStatus(of trustDomain: TrustDomain) async throws {
        try await write { transaction in
            try transaction.db.execute("DELETE FROM federation_statuses WHERE trust_domain = \(trustDomain.name)")
        }
    }
}

extension FederationStatus {
    fileprivate init(row: SQLRow) throws {
        self.init(trustDomain: try StoredText.trustDomain(row["trust_domain"]))
        lastSuccess = try row["last_success_at"]
        lastAttempt = try row["last_attempt_at"]
        nextAttempt = try row["next_attempt_at"]
        lastChange = try row["last_change_at"]
        consecutiveFailures = try row["consecutive_failures"]
        sequenceNumber = (try row["sequence_number"] as Int64?).map { UInt64(bitPattern: $0) }
        if let name = try row["failure_class"] as String? {
            guard let failureClass = FederationFailure.Class(rawValue: name) else {
                throw StoredText.damaged("failure class", name, nil)
            }
            lastFailure = FederationFailure(failureClass, try row["failure_message"])
        }
    }

    fileprivate var values: [any SQLConvertible] {
        [
            trustDomain.name, lastSuccess, lastAttempt, nextAttempt,
            lastFailure?.class.rawValue, lastFailure?.message, consecutiveFailures,
            sequenceNumber.map { Int64(bitPattern: $0) }, lastChange,
        ]
    }
}
