// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import FoundationEssentials
import Logging
import SPIFFE
import X509

extension LocalAuthorities {
    /// Finds the journal by the keys at hand, and takes up what in it is still usable.
    func load() async throws -> [AuthorityKind: AuthorityRotation] {
        let keys = try await keys.keys()
        let held = Dictionary(keys.map { ($0.id, $0) }) { first, _ in first }
        let bundle =
            try await bundles.bundle(of: settings.trustDomain)?.bundle
            ?? SPIFFEBundle(trustDomain: settings.trustDomain)
        journal = try await journals.journal(of: keys) ?? AuthorityJournal()
        let schedule = RotationSchedule(refreshHint: settings.refreshHint)
        var rotations: [AuthorityKind: AuthorityRotation] = [:]
        for kind in [AuthorityKind.x509, .jwt] {
            rotations[kind] = AuthorityRotation(schedule: schedule, journal: journal[kind]) { record in
                held[record.slot.keyID(kind)].map { record.isUsable(kind, key: $0, bundle: bundle) } ?? false
            }
        }
        logger.info(
            "Journal loaded",
            metadata: ["x509_cas": "\(journal.x509.count)", "jwt_keys": "\(journal.jwt.count)", "wit_keys": "0"])
        return rotations
    }

    func writeJournal(_ records: [AuthorityRecord], _ kind: AuthorityKind) async throws {
        var changed = journal
        changed[kind] = records
        changed.revision += 1
        guard let id = changed.id else {
            throw AuthorityError(.invalidJournal, "no X.509 authority is active")
        }
        let replaced = journal.id.flatMap { $0 == id ? nil : $0 }
        try await journals.setJournal(
            try changed.encoded(), id: id, replacing: replaced, expiresAt: changed.expiresAt)
        journal = changed
    }
}
