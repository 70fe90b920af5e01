// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityTelemetry
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
            let template = settings.x509CATemplate
            guard let upstream else {
                return AuthorityRecord(x509: try template.selfSign(with: key, now: now), slot: slot, now: now)
            }
            let chain = try await upstream.mintX509CA(request: try template.request(by: key), ttl: template.ttl)
                .verified(publicKey: key.publicKey, trustDomain: settings.trustDomain, now: time.now())
            upstreamRoots = chain.roots
            return AuthorityRecord(x509: chain, slot: slot, now: now)
        case .jwt:
            return try AuthorityRecord(jwt: key, slot: slot, ttl: settings.authorityTTL, now: now)
        }
    }

    func publish(_ record: AuthorityRecord, _ kind: AuthorityKind) async throws {
        switch kind {
        case .x509:
            // What verifies is published: the root above, or the CA when it is its own root.
            let roots = record.intermediates.isEmpty ? record.x509Authority.map { [$0] } ?? [] : upstreamRoots
            _ = try await bundles.changeBundle(of: settings.trustDomain) {
                try $0.append(x509Authorities: roots)
            }
        case .jwt:
            guard let authority = record.jwtAuthority else {
                throw AuthorityError(.invalidJournal, "journal holds no key for \(record.authorityID)")
            }
            _ = try await publish(authority, expiresAt: record.expiresAt)
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
            issuers.use(
                try X509Issuer(
                    trustDomain: settings.trustDomain, certificate: ca, key: key, intermediates: record.intermediates))
            let labels: Instruments.Labels = [.trustDomainID: settings.trustDomain.name]
            instruments.set(.x509CAExpiration, to: record.expiresAt.timeIntervalSince1970.rounded(), labels)
            instruments.set(.x509CATTL, to: record.expiresAt.timeIntervalSince(time.now()).rounded(), labels)
        case .jwt:
            issuers.use(
                JWTIssuer(
                    trustDomain: settings.trustDomain, key: key, keyID: record.authorityID,
                    expiresAt: record.expiresAt, issuer: settings.jwtIssuer))
        }
    }
}
