// SPDX-License-Identifier: Apache-2.0

/// Which authorities an operator may take trust from. Only those that do not sign and are not about to.
extension AuthorityRotation {
    /// The old authority of this server that has the ID, be its slot in use again or not.
    package func taintableAuthority(id: String) throws(AuthorityError) -> AuthorityRecord {
        guard let current else { throw Self.notReady }
        guard current.authorityID != id else {
            throw AuthorityError(.unexpectedAuthority, "unable to taint current local authority")
        }
        guard !isPrepared(id) else {
            throw AuthorityError(
                .unexpectedAuthority,
                "only Old local authorities can be tainted: unsupported local authority status: PREPARED")
        }
        guard let record = oldAuthority(id) else {
            throw AuthorityError(.unexpectedAuthority, "unexpected authority ID")
        }
        return record
    }

    /// Makes sure that the authority may be revoked.
    ///
    /// - Parameter isTainted: It is tainted in the bundle; then it may also be that of a server that is no more.
    package func requireRevocable(id: String, _ kind: AuthorityKind, isTainted: Bool) throws(AuthorityError) {
        guard let current else { throw Self.notReady }
        guard current.authorityID != id else {
            throw AuthorityError(.unexpectedAuthority, "unable to use current authority")
        }
        guard !isPrepared(id) else {
            throw AuthorityError(
                .unexpectedAuthority,
                kind == .x509 ? "only Old local authority can be revoked" : "unable to use a prepared key")
        }
        guard isTainted || oldAuthority(id) != nil else {
            throw AuthorityError(
                .unexpectedAuthority,
                kind == .x509
                    ? "only Old local authority can be revoked"
                    : "no JWT authority found with provided authority ID")
        }
    }

    private func isPrepared(_ id: String) -> Bool {
        next.map { $0.authorityID == id && $0.status == .prepared } ?? false
    }

    /// One that was prepared and then replaced never signs and counts as old.
    private func oldAuthority(_ id: String) -> AuthorityRecord? {
        journal.last { $0.authorityID == id && $0.status != .active }
    }
}
