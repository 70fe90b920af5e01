// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
package import FoundationEssentials
package import SPIFFE
import SwiftASN1
package import X509

/// Issues X509-SVIDs of one trust domain by one CA.
///
/// Issuing is the hot path of a server, hence the own DER writer. Its output is byte for byte what swift-certificates
/// writes for the same content; a test holds it to that.
package struct X509Issuer: Sendable {
    /// How long before its making a certificate is valid already, for clocks that run behind.
    package static let backdate: TimeInterval = 10

    package let trustDomain: TrustDomain
    package let certificate: X509Authority
    /// Lower-case hex of the CA's subject key identifier.
    package let authorityID: String
    /// No SVID outlives this.
    package let expiresAt: Date
    private let key: SigningKey
    /// DER: what follows the leaf in a chain.
    private let intermediates: [[UInt8]]
    private let issuerName: [UInt8]
    private let authorityKeyIdentifier: [UInt8]

    /// - Parameter intermediates: DER, the CA itself first, up to but without the root; empty for a self-signed CA.
    package init(
        trustDomain: TrustDomain, certificate: X509Authority, key: SigningKey, intermediates: [[UInt8]] = []
    ) throws(AuthorityError) {
        guard certificate.certificate.publicKey == key.publicKey else {
            throw AuthorityError(.invalidKey, "key \"\(key.id)\" is not the key of the CA certificate")
        }
        let keyIdentifier = certificate.subjectKeyIdentifier
        self.trustDomain = trustDomain
        self.certificate = certificate
        self.key = key
        self.intermediates = intermediates
        authorityID = keyIdentifier.hex
        expiresAt = certificate.certificate.notValidAfter
        issuerName = try Self.encode(certificate.certificate.subject)
        authorityKeyIdentifier = CertificateBytes.authorityKeyIdentifier(keyIdentifier)
    }

    package func issue(_ template: X509SVIDTemplate, now: Date) throws(AuthorityError) -> IssuedX509SVID {
        try issue(template, serial: .random(), now: now)
    }

    func issue(
        _ template: X509SVIDTemplate, serial: CertificateSerial, now: Date
    ) throws(AuthorityError) -> IssuedX509SVID {
        try check(template)
        let issuedAt = now.wholeSecond
        let expiresAt = min((now + template.ttl).wholeSecond, self.expiresAt)
        guard expiresAt > issuedAt else {
            throw AuthorityError(.expired, "X.509 CA \(authorityID) has expired; prepare and activate a new one")
        }
        var leaf = DERWriter(capacity: 2048)
        let mark = leaf.count
        let tbs = try encodeTBS(template, serial: serial, notBefore: issuedAt - Self.backdate, notAfter: expiresAt)
        leaf.prepend(signature: try key.signature(for: tbs), of: key.type)
        leaf.prepend(CertificateBytes.signatureAlgorithm(key.type))
        leaf.prepend(tbs)
        leaf.wrap(tag: 0x30, since: mark)
        return IssuedX509SVID(
            id: template.id, certificateChain: [leaf.bytes] + intermediates, serial: serial, issuedAt: issuedAt,
            expiresAt: expiresAt)
    }

    /// Signs the CA of a server below this one.
    ///
    /// - Parameter ttl: In seconds; cut to what is left of this CA.
    /// - Returns: DER: the new CA, then those above it up to but without the root.
    package func issueCA(
        publicKey: Certificate.PublicKey, ttl: TimeInterval, now: Date
    ) throws(AuthorityError) -> [[UInt8]] {
        let name = try X509Subject.downstream(certificate.certificate.subject, level: intermediates.count + 1)
        let ca = try X509CATemplate(trustDomain: trustDomain, ttl: ttl).sign(
            publicKey, name: name, by: certificate, key: key.certificateKey, now: now)
        return [ca.derBytes] + intermediates
    }

    private func check(_ template: X509SVIDTemplate) throws(AuthorityError) {
        guard template.id.trustDomain == trustDomain else {
            throw AuthorityError(
                .invalidTemplate, "\"\(template.id)\" is not a member of trust domain \"\(trustDomain)\"")
        }
        // X509-SVID §3.1: a leaf names a workload, not the trust domain.
        guard !template.id.path.isEmpty else {
            throw AuthorityError(.invalidTemplate, "SPIFFE ID of an X509-SVID must have a path")
        }
    }

    func encodeTBS(
        _ template: X509SVIDTemplate, serial: CertificateSerial, notBefore: Date, notAfter: Date
    ) throws(AuthorityError) -> [UInt8] {
        var subject = CertificateBytes.defaultSubject
        if template.subject != nil || !template.dnsNames.isEmpty || template.hasUniqueID {
            subject = try Self.encode(
                try X509Subject.name(
                    template.subject, commonName: template.dnsNames.first, uniqueID: template.uniqueID))
        }
        let publicKey = try Self.encode(template.publicKey)
        let keyIdentifier = template.publicKey.keyIdentifier

        var tbs = DERWriter(capacity: 1536)
        let mark = tbs.count
        tbs.prependExtensions(
            id: template.id, dnsNames: template.dnsNames, isSubjectEmpty: subject == CertificateBytes.emptySequence,
            keyIdentifier: keyIdentifier, authorityKeyIdentifier: authorityKeyIdentifier)
        tbs.prepend(publicKey)
        tbs.prepend(subject)
        tbs.prependValidity(notBefore: notBefore, notAfter: notAfter)
        tbs.prepend(issuerName)
        tbs.prepend(CertificateBytes.signatureAlgorithm(key.type))
        tbs.prepend(unsignedInteger: serial.bytes)
        tbs.prepend(CertificateBytes.version3)
        tbs.wrap(tag: 0x30, since: mark)
        return tbs.bytes
    }

    private static func encode(_ value: some DERSerializable) throws(AuthorityError) -> [UInt8] {
        do {
            var serializer = DER.Serializer()
            try serializer.serialize(value)
            return serializer.serializedBytes
        } catch {
            throw AuthorityError(.invalidTemplate, "certificate cannot be encoded", cause: error)
        }
    }
}
