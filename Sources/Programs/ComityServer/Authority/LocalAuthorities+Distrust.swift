// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
import ComityRegistry
import SPIFFE

/// What operators do about an authority whose key may be known to others.
extension LocalAuthorities {
    /// Marks an old authority as tainted: all renew what it signed, while it is still trusted.
    ///
    /// - Throws: ``AuthorityError`` when it is none that may be tainted, ``RegistryError`` when it could not be.
    package func taint(_ kind: AuthorityKind, authorityID: String) async throws -> AuthorityRecord {
        let record = try await inTurn {
            let record = try rotation(kind).taintableAuthority(id: authorityID)
            let x509Authority = record.x509Authority
            _ = try await bundles.changeBundle(of: settings.trustDomain) { bundle in
                switch kind {
                case .x509: try bundle.taint(try Self.present(x509Authority))
                case .jwt: try bundle.taintJWTAuthority(keyID: authorityID)
                }
            }
            return record
        }
        if kind == .x509 {
            await identity.renewIfDue()
        }
        return record
    }

    /// Takes a tainted authority out of the bundle: nothing that it signed is trusted any more.
    ///
    /// - Returns: When it would have ended, if that is known.
    /// - Throws: ``AuthorityError`` when it is none that may be revoked, ``RegistryError`` when it could not be.
    package func revoke(_ kind: AuthorityKind, authorityID: String) async throws -> AuthorityRecord? {
        try await inTurn {
            let rotation = rotation(kind)
            let stored = try await bundles.bundle(of: settings.trustDomain)
            let x509Authority = stored?.bundle.x509Authorities.first {
                $0.subjectKeyIdentifier.hex == authorityID
            }
            let isTainted =
                switch kind {
                case .x509: x509Authority.map { stored?.taintedX509Authorities.contains($0) == true } ?? false
                case .jwt: stored?.taintedJWTKeyIDs.contains(authorityID) ?? false
                }
            try rotation.requireRevocable(id: authorityID, kind, isTainted: isTainted)
            _ = try await bundles.changeBundle(of: settings.trustDomain) { bundle in
                switch kind {
                case .x509: try bundle.revoke(try Self.present(x509Authority))
                case .jwt: try bundle.revokeJWTAuthority(keyID: authorityID)
                }
            }
            return rotation.journal.last { $0.authorityID == authorityID }
        }
    }

    private static func present(_ authority: X509Authority?) throws(RegistryError) -> X509Authority {
        guard let authority else {
            throw RegistryError(.notFound, "no root CA found with provided subject key ID")
        }
        return authority
    }
}
