// SPDX-License-Identifier: Apache-2.0

import ComityRegistry

extension AuthorityJournalStore {
    /// The journal of the server that has these keys: found by the X.509 authority that is active in it.
    ///
    /// - Returns: `nil` when there is none, as before the first start.
    /// - Throws: ``AuthorityError`` with code `invalidJournal` when it cannot be read: to go on without it would put
    ///   new authorities in place of those that it names.
    package func journal(of keys: [SigningKey]) async throws -> AuthorityJournal? {
        let names = Set(AuthoritySlot.allCases.map { $0.keyID(.x509) })
        var found: AuthorityJournal?
        for key in keys where names.contains(key.id) {
            let id = key.publicKey.keyIdentifier.hex
            guard let bytes = try await journal(id: id) else { continue }
            let journal: AuthorityJournal
            do throws(AuthorityError) {
                journal = try AuthorityJournal(bytes: bytes)
            } catch {
                throw AuthorityError(
                    .invalidJournal,
                    """
                    journal of authority \(id) in the database cannot be read and is left as it is: \(error); put a \
                    backup back by "comity server restore", or move the key file away to start with new authorities
                    """)
            }
            if journal.revision > found?.revision ?? -1 {
                found = journal
            }
        }
        return found
    }
}
