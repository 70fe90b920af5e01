// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
package import FoundationEssentials
package import SPIFFE
import SwiftASN1
package import X509

/// A CA of a trust domain (X509-SVID §3.2: it carries the trust domain's own ID, without path).
package struct X509CATemplate: Sendable {
    package var trustDomain: TrustDomain
    /// Seconds.
    package var ttl: TimeInterval
    package var subject: CASubject

    package init(trustDomain: TrustDomain, ttl: TimeInterval, subject: CASubject = .standard) {
        self.trustDomain = trustDomain
        self.ttl = ttl
        self.subject = subject
    }

    package func selfSign(with key: SigningKey, now: Date) throws(AuthorityError) -> X509Authority {
        let serial = CertificateSerial.random()
        let subject = try X509Subject.authority(subject, serial: serial)
        return try issue(
            key.publicKey, serial: serial, subject: subject, issuer: subject, notAfter: now + ttl,
            key: key.certificateKey, issuerKeyIdentifier: nil, now: now)
    }

    /// Has the CA of another key signed by a CA above it, which it never outlives.
    ///
    /// - Parameter name: Replaces the name that the template gives.
    package func sign(
        _ publicKey: Certificate.PublicKey, name: DistinguishedName? = nil, by issuer: X509Authority,
        key: Certificate.PrivateKey, now: Date
    ) throws(AuthorityError) -> X509Authority {
        let serial = CertificateSerial.random()
        let notAfter = min(now + ttl, issuer.certificate.notValidAfter)
        guard notAfter > now else {
            throw AuthorityError(
                .expired, "X.509 CA \(issuer.subjectKeyIdentifier.hex) has expired; replace it by a new one")
        }
        let own = try X509Subject.authority(subject, serial: serial)
        return try issue(
            publicKey, serial: serial, subject: name ?? own,
            issuer: issuer.certificate.subject, notAfter: notAfter, key: key,
            issuerKeyIdentifier: issuer.subjectKeyIdentifier, now: now)
    }

    /// The request by which another CA is asked to sign.
    package func request(by key: SigningKey) throws(AuthorityError) -> [UInt8] {
        do {
            let names = SubjectAlternativeNames([.uniformResourceIdentifier(trustDomain.id.uri)])
            let request = try CertificateSigningRequest(
                version: .v1, subject: try X509Subject.authority(subject, serial: .random()),
                privateKey: key.certificateKey,
                attributes: try .init([.init(ExtensionRequest(extensions: try Certificate.Extensions { names }))]))
            var serializer = DER.Serializer()
            try serializer.serialize(request)
            return serializer.serializedBytes
        } catch {
            throw AuthorityError(.signing, "request for a CA certificate cannot be made", cause: error)
        }
    }

    private func issue(
        _ publicKey: Certificate.PublicKey, serial: CertificateSerial, subject: DistinguishedName,
        issuer: DistinguishedName, notAfter: Date, key: Certificate.PrivateKey, issuerKeyIdentifier: [UInt8]?,
        now: Date
    ) throws(AuthorityError) -> X509Authority {
        do {
            let certificate = try Certificate(
                version: .v3,
                serialNumber: serial.serialNumber,
                publicKey: publicKey,
                notValidBefore: now.wholeSecond - X509Issuer.backdate,
                notValidAfter: notAfter.wholeSecond,
                issuer: issuer,
                subject: subject,
                extensions: try extensions(publicKey, issuerKeyIdentifier),
                issuerPrivateKey: key)
            return try X509Authority(certificate)
        } catch {
            throw AuthorityError(.signing, "CA certificate cannot be made", cause: error)
        }
    }

    private func extensions(
        _ publicKey: Certificate.PublicKey, _ issuerKeyIdentifier: [UInt8]?
    ) throws -> Certificate.Extensions {
        try Certificate.Extensions {
            Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
            SubjectKeyIdentifier(hash: publicKey)
            if let issuerKeyIdentifier {
                AuthorityKeyIdentifier(keyIdentifier: ArraySlice(issuerKeyIdentifier))
            }
            SubjectAlternativeNames([.uniformResourceIdentifier(trustDomain.id.uri)])
        }
    }
}
