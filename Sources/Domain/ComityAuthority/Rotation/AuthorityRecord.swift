// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
package import FoundationEssentials
package import SPIFFE
import SwiftASN1
import X509

/// One authority in the journal.
package struct AuthorityRecord: Hashable, Sendable {
    package let slot: AuthoritySlot
    /// Hex subject key identifier of an X.509 CA, `kid` of a JWT key.
    package let authorityID: String
    package var status: AuthorityStatus
    package let issuedAt: Date
    package let expiresAt: Date
    /// What is published: the certificate of an X.509 CA, the public key (PKIX) of a JWT key, in DER.
    package let document: [UInt8]
    /// DER: an X.509 CA signed from above and those above it, up to but without the root; empty for one of the other kind.
    package let intermediates: [[UInt8]]

    package init(
        slot: AuthoritySlot, authorityID: String, status: AuthorityStatus, issuedAt: Date, expiresAt: Date,
        document: [UInt8], intermediates: [[UInt8]] = []
    ) {
        self.slot = slot
        self.authorityID = authorityID
        self.status = status
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.document = document
        self.intermediates = intermediates
    }

    /// A new X.509 CA signed from above, prepared.
    package init(x509 chain: CAChain, slot: AuthoritySlot, now: Date) {
        self.init(
            slot: slot, authorityID: chain.certificate.subjectKeyIdentifier.hex, status: .prepared,
            issuedAt: now.wholeSecond, expiresAt: chain.certificate.certificate.notValidAfter,
            document: chain.certificate.derBytes, intermediates: chain.intermediates)
    }

    /// A new X.509 CA, prepared.
    package init(x509 ca: X509Authority, slot: AuthoritySlot, now: Date) {
        self.init(
            slot: slot, authorityID: ca.subjectKeyIdentifier.hex, status: .prepared, issuedAt: now.wholeSecond,
            expiresAt: ca.certificate.notValidAfter, document: ca.derBytes)
    }

    /// A new JWT key, prepared, under a new random ID.
    package init(jwt key: SigningKey, slot: AuthoritySlot, ttl: TimeInterval, now: Date) throws(AuthorityError) {
        let document: [UInt8]
        do {
            var serializer = DER.Serializer()
            try serializer.serialize(key.publicKey)
            document = serializer.serializedBytes
        } catch {
            throw AuthorityError(.invalidKey, "public key of \"\(key.id)\" cannot be encoded", cause: error)
        }
        self.init(
            slot: slot, authorityID: Self.randomKeyID(), status: .prepared, issuedAt: now.wholeSecond,
            expiresAt: (now + ttl).wholeSecond, document: document)
    }

    package var x509Authority: X509Authority? {
        try? X509Authority(derBytes: document)
    }

    /// Hex key identifier of what signed the CA, if that was another authority.
    package var upstreamAuthorityID: String? {
        intermediates.first.flatMap(Self.signerKeyID)
    }

    /// Hex key identifiers of all authorities above the CA.
    var signerKeyIDs: Set<String> {
        Set(intermediates.compactMap(Self.signerKeyID))
    }

    private static func signerKeyID(_ der: [UInt8]) -> String? {
        guard let certificate = try? Certificate(derEncoded: der),
            let identifier = try? certificate.extensions.authorityKeyIdentifier?.keyIdentifier
        else { return nil }
        return [UInt8](identifier).hex
    }

    package var jwtAuthority: JWTAuthority? {
        guard let key = try? Certificate.PublicKey(derEncoded: document) else { return nil }
        return JWTAuthority(keyID: authorityID, publicKey: key)
    }

    /// Says whether this authority can sign by the key and is published, so that what it signs is trusted.
    package func isUsable(_ kind: AuthorityKind, key: SigningKey, bundle: SPIFFEBundle) -> Bool {
        switch kind {
        case .x509:
            guard let ca = x509Authority else { return false }
            guard ca.certificate.publicKey == key.publicKey else { return false }
            guard let top = intermediates.last.flatMap({ try? X509Authority(derBytes: $0) }) else {
                return bundle.x509Authorities.contains(ca)
            }
            return bundle.x509Authorities.contains { top.isSigned(by: $0) }
        case .jwt:
            guard let authority = jwtAuthority else { return false }
            return authority.publicKey == key.publicKey && bundle.jwtAuthorities.contains(authority)
        }
    }

    private static let alphanumerics = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    private static func randomKeyID() -> String {
        String(
            decoding: (0..<32).map { _ in alphanumerics[Int.random(in: alphanumerics.indices)] }, as: UTF8.self)
    }
}
