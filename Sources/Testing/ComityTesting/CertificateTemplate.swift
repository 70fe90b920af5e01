// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import X509

/// Everything about a certificate that a test may want wrong.
///
/// ``TestCA`` hands out a correct one to change: `try ca.leaf { $0.keyUsage = nil }`.
package struct CertificateTemplate: Sendable {
    package var version = Certificate.Version.v3
    package var serialNumber = Certificate.SerialNumber()
    package var subject: DistinguishedName
    /// The issuer's name; `nil` is the name of the CA that signs.
    package var issuer: DistinguishedName?
    package var notBefore = TestTime.past
    package var notAfter = TestTime.future

    package var names: [GeneralName] = []
    package var areNamesCritical = false
    package var basicConstraints: BasicConstraints?
    package var keyUsage: KeyUsage?
    package var isKeyUsageCritical = true
    package var extendedKeyUsage: ExtendedKeyUsage?
    package var isExtendedKeyUsageCritical = false
    package var nameConstraints: NameConstraints?
    /// Added to the certificate's own and the issuer's key identifiers when `true`.
    package var hasKeyIdentifiers = true
    /// Appended as they are.
    package var otherExtensions: [Certificate.Extension] = []

    /// `nil` makes a new key of `keyType`.
    package var key: Certificate.PrivateKey?
    package var keyType = TestKeyType.p256
    /// `nil` is the issuing key's default.
    package var signatureAlgorithm: Certificate.SignatureAlgorithm?

    package init(subject: DistinguishedName) {
        self.subject = subject
    }

    /// The template of a correct leaf.
    package static func leaf(_ uri: String) throws -> CertificateTemplate {
        var template = CertificateTemplate(
            subject: try DistinguishedName {
                CountryName("US")
                OrganizationName("SPIRE")
            })
        template.names = [.uniformResourceIdentifier(uri)]
        template.basicConstraints = .notCertificateAuthority
        template.keyUsage = KeyUsage(digitalSignature: true, keyEncipherment: true, keyAgreement: true)
        template.extendedKeyUsage = try ExtendedKeyUsage([.serverAuth, .clientAuth])
        return template
    }

    /// The template of a correct signing certificate.
    package static func authority(_ uri: String, commonName: String) throws -> CertificateTemplate {
        var template = CertificateTemplate(
            subject: try DistinguishedName {
                OrganizationName("SPIFFE")
                CommonName(commonName)
            })
        template.names = [.uniformResourceIdentifier(uri)]
        template.basicConstraints = .isCertificateAuthority(maxPathLength: nil)
        template.keyUsage = KeyUsage(keyCertSign: true, cRLSign: true)
        return template
    }

    func certificate(
        key: Certificate.PrivateKey, issuer issuerName: DistinguishedName, issuerKey: Certificate.PrivateKey
    ) throws -> Certificate {
        try Certificate(
            version: version,
            serialNumber: serialNumber,
            publicKey: key.publicKey,
            notValidBefore: notBefore,
            notValidAfter: notAfter,
            issuer: issuer ?? issuerName,
            subject: subject,
            signatureAlgorithm: signatureAlgorithm ?? issuerKey.defaultTestAlgorithm,
            extensions: extensions(key: key, issuerKey: issuerKey),
            issuerPrivateKey: issuerKey)
    }

    private func extensions(
        key: Certificate.PrivateKey, issuerKey: Certificate.PrivateKey
    ) throws -> Certificate.Extensions {
        var all: [Certificate.Extension] = []
        if let basicConstraints { all.append(try .init(basicConstraints, critical: true)) }
        if let keyUsage { all.append(try .init(keyUsage, critical: isKeyUsageCritical)) }
        if let extendedKeyUsage { all.append(try .init(extendedKeyUsage, critical: isExtendedKeyUsageCritical)) }
        if hasKeyIdentifiers {
            all.append(try .init(SubjectKeyIdentifier(hash: key.publicKey), critical: false))
            let issuerID = SubjectKeyIdentifier(hash: issuerKey.publicKey).keyIdentifier
            all.append(try .init(AuthorityKeyIdentifier(keyIdentifier: issuerID), critical: false))
        }
        if !names.isEmpty { all.append(try .init(SubjectAlternativeNames(names), critical: areNamesCritical)) }
        if let nameConstraints { all.append(try .init(nameConstraints, critical: true)) }
        return try Certificate.Extensions(all + otherExtensions)
    }
}

extension Certificate.PrivateKey {
    fileprivate var defaultTestAlgorithm: Certificate.SignatureAlgorithm {
        // Lists strongest hashes first; SHA-256 is what SPIRE signs with.
        [.ecdsaWithSHA256, .sha256WithRSAEncryption].first { supportedSignatureAlgorithms.contains($0) } ?? .ed25519
    }
}
