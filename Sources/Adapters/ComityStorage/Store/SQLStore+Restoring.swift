// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

extension SQLStore {
    /// Raises the sequence number of the own bundle and the revision of every entry.
    ///
    /// What was handed out since a backup was taken had higher numbers: partners would take the bundle for an old one,
    /// and agents a changed entry for the one that they have.
    package func raiseNumbers(by leap: Int64, of trustDomain: TrustDomain) async throws {
        try await write { transaction in
            try transaction.db.execute(
                """
                UPDATE bundles SET sequence_number = COALESCE(sequence_number, 0) + \(leap)
                WHERE trust_domain = \(trustDomain.name)
                """)
            try transaction.db.execute("UPDATE entries SET revision_number = revision_number + \(leap)")
        }
    }
}
