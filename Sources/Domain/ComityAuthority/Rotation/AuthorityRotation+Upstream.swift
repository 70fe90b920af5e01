// SPDX-License-Identifier: Apache-2.0

/// What an authority above has to do with those of the server.
extension AuthorityRotation {
    /// Whether one of these keys, by hex key identifier, stands above the CA that signs.
    package func currentIsSigned(by keyIDs: Set<String>) -> Bool {
        current.map { !$0.signerKeyIDs.isDisjoint(with: keyIDs) } ?? false
    }

    /// Makes sure that an operator may take trust from an authority above: no CA that signs or will sign needs it.
    package func requireUnused(upstreamKeyID keyID: String) throws(AuthorityError) {
        guard let current else { throw Self.notReady }
        guard !keyID.isEmpty else { throw AuthorityError(.unexpectedAuthority, "no subject key ID provided") }
        guard !current.signerKeyIDs.contains(keyID) else {
            throw AuthorityError(
                .unexpectedAuthority, "unable to use upstream authority singing current authority")
        }
        if let next, next.status == .prepared, next.signerKeyIDs.contains(keyID) {
            throw AuthorityError(
                .unexpectedAuthority, "only upstream authorities signing an old authority can be used")
        }
        guard journal.contains(where: { $0.signerKeyIDs.contains(keyID) }) else {
            throw AuthorityError(
                .unexpectedAuthority, "upstream authority didn't sign the old local authority")
        }
    }
}
