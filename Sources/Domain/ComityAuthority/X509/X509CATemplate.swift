// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE
import SwiftASN1
import X509

/// A self-signed CA of a trust domain (X509-SVID §3.2: it carries the trust domain's own ID, without path).
package struct X509CATemplate: Sendable {
    package var trustDomain: TrustDomain
    /// Seconds.
    package var ttl: TimeInterval

    package init(trustDomain: TrustDomain, ttl: TimeInterval) {
        self.trustDomain = trustDomain
        self.ttl = ttl
    }

    package func selfSign(with key: SigningKey, now: Date) throws(AuthorityError) -> X509Authority {
        let serial = CertificateSerial.random()
        let subject = try X509Subject.authority(serial: serial)
        do {
            let certificate = try Certificate(
                version: .v3,
                serialNumber: serial.serialNumber,
                publicKey: key.publicKey,
                notValidBefore: now.wholeSecond - X509Issuer.backdate,
                notValidAfter: (now + ttl).wholeSecond,
                issuer: subject,
                subject: subject,
                signatureAlgorithm: Self.signatureAlgorithm(key.type),
                extensions: try extensions(key),
                issuerPrivateKey: key.certificateKey)
            return try X509Authority(certificate)
        } catch {
            throw AuthorityError(.signing, "CA certificate cannot be made", cause: error)
        }
    }

    private func extensions(_ key: SigningKey) throws -> Certificate.Extensions {
        try Certificate.Extensions {
            Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
            SubjectKeyIdentifier(hash: key.publicKey)
            SubjectAlternativeNames([.uniformResourceIdentifier(trustDomain.id.uri)])
        }
    }

    private static func signatureAlgorithm(_ type: KeyType) -> Certificate.SignatureAlgorithm {
        switch type {
        case .ecP256: .ecdsaWithSHA256
        case .ecP384: .ecdsaWithSHA384
        case .rsa2048, .rsa4096: .sha256WithRSAEncryption
        }
    }
}
