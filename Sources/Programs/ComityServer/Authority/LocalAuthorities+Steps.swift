// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import FoundationEssentials
import SPIFFE
import X509

/// The single steps of a rotation.
extension LocalAuthorities {
    func makeAuthority(_ kind: AuthorityKind, slot: AuthoritySlot) async throws -> AuthorityRecord {
        let key = try await keys.generateKey(id: slot.keyID(kind), type: settings.keyType(kind))
        let now = time.now()
        switch kind {
        case .x509:
            return AuthorityRecord(
                x509: try settings.x509CATemplate.selfSign(with: key, now: now), slot: slot, now: now)
        case .jwt:
            return try AuthorityRecord(jwt: key, slot: slot, ttl: settings.authorityTTL, now: now)
        }
    }

    func publish(_ record: AuthorityRecord, _ kind: AuthorityKind) async throws {
        var x509: [X509Authority] = []
        var jwt: [JWTAuthority] = []
        switch kind {
        case .x509: x509 = record.x509Authority.map { [$0] } ?? []
        case .jwt: jwt = record.jwtAuthority.map { [$0] } ?? []
        }
        let additions = (x509: x509, jwt: jwt)
        _ = try await bundles.changeBundle(of: settings.trustDomain) { bundle in
            bundle.append(
                x509Authorities: additions.x509, jwtAuthorities: additions.jwt,
                jwtExpirations: [record.authorityID: record.expiresAt])
        }
    }

    /// Lets the issuers sign by the authority from now on.
    func use(_ record: AuthorityRecord, _ kind: AuthorityKind) async throws {
        let id = record.slot.keyID(kind)
        guard let key = try await keys.key(id: id) else {
            throw AuthorityError(.keyStorage, "key \"\(id)\" is gone")
        }
        switch kind {
        case .x509:
            guard let ca = record.x509Authority else {
                throw AuthorityError(.invalidJournal, "journal holds no certificate for \(record.authorityID)")
            }
            issuers.use(try X509Issuer(trustDomain: settings.trustDomain, certificate: ca, key: key))
        case .jwt:
            issuers.use(
                JWTIssuer(
                    trustDomain: settings.trustDomain, key: key, keyID: record.authorityID,
                    expiresAt: record.expiresAt, issuer: settings.jwtIssuer))
        }
    }
}
