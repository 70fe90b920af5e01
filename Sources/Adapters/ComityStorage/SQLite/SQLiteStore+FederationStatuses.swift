// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import FoundationEssentials
import GRDB
package import SPIFFE

extension SQLiteStore {
    package func setFederationStatus(
        _ status: FederationStatus, while relationship: FederationRelationship?
    ) async throws {
        try await write { transaction in
            guard try relationship?.isStored(in: transaction.db) ?? true else { return }
            try transaction.db.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO federation_statuses (
                        trust_domain, last_success_at, last_attempt_at, next_attempt_at, failure_class,
                        failure_message, consecutive_failures, sequence_number
                    ) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: status.values)
        }
    }

    package func federationStatuses() async throws -> [FederationStatus] {
        try await read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM federation_statuses ORDER BY trust_domain")
                .map(FederationStatus.init(row:))
        }
    }

    package func deleteFederationStatus(of trustDomain: TrustDomain) async throws {
        try await write { transaction in
            try transaction.db.execute(
                sql: "DELETE FROM federation_statuses WHERE trust_domain = ?", arguments: [trustDomain.name])
        }
    }
}

extension FederationStatus {
    fileprivate init(row: Row) throws {
        self.init(trustDomain: try StoredText.trustDomain(row["trust_domain"]))
        lastSuccess = row.date("last_success_at")
        lastAttempt = row.date("last_attempt_at")
        nextAttempt = row.date("next_attempt_at")
        consecutiveFailures = row["consecutive_failures"]
        sequenceNumber = (row["sequence_number"] as Int64?).map { UInt64(bitPattern: $0) }
        if let name = row["failure_class"] as String? {
            guard let failureClass = FederationFailure.Class(rawValue: name) else {
                throw StoredText.damaged("failure class", name, nil)
            }
            lastFailure = FederationFailure(failureClass, row["failure_message"])
        }
    }

    fileprivate var values: StatementArguments {
        [
            trustDomain.name, lastSuccess?.seconds, lastAttempt?.seconds, nextAttempt?.seconds,
            lastFailure?.class.rawValue, lastFailure?.message, consecutiveFailures,
            sequenceNumber.map { Int64(bitPattern: $0) },
        ]
    }
}
