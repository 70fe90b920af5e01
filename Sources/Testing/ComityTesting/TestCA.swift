// SPDX-License-Identifier: Apache-2.0

package import SPIFFE
import SwiftASN1
package import X509

/// A signing authority of a trust domain for tests: a root, or an intermediate below one.
///
/// ```swift
/// let ca = try TestCA("example.org")
/// let svid = try ca.leaf("/web")                                   // everything right
/// let odd = try ca.intermediate().leaf { $0.notAfter = TestTime.past }   // one thing wrong
/// try svid.unverified().verified(by: ca.bundles, at: TestTime.now)
/// let credential = try svid.credential()                           // for TLS
/// ```
package struct TestCA: Sendable {
    package let trustDomain: TrustDomain
    package let certificate: Certificate
    package let key: Certificate.PrivateKey

    /// What a leaf has to present besides itself: this CA, when it is an intermediate, and those above, without the root.
    package let intermediates: [Certificate]

    /// The certificate that belongs into the bundle.
    package let root: Certificate

    /// Makes a self-signed root.
    package init(
        _ trustDomain: String = "example.org", keyType: TestKeyType = .p256, commonName: String = "Test Root",
        _ change: (inout CertificateTemplate) throws -> Void = { _ in }
    ) throws {
        var template = try CertificateTemplate.authority("spiffe://\(trustDomain)", commonName: commonName)
        template.keyType = keyType
        try change(&template)
        let key = try template.key ?? template.keyType.makeKey()
        let certificate = try template.certificate(key: key, issuer: template.subject, issuerKey: key)
        self.init(
            trustDomain: try TrustDomain(trustDomain), certificate: certificate, key: key, intermediates: [],
            root: certificate)
    }

    private init(
        trustDomain: TrustDomain, certificate: Certificate, key: Certificate.PrivateKey,
        intermediates: [Certificate], root: Certificate
    ) {
        self.trustDomain = trustDomain
        self.certificate = certificate
        self.key = key
        self.intermediates = intermediates
        self.root = root
    }

    /// Makes a CA below this one, of the same trust domain unless another is named.
    package func intermediate(
        _ commonName: String = "Test Intermediate", trustDomain: TrustDomain? = nil,
        _ change: (inout CertificateTemplate) throws -> Void = { _ in }
    ) throws -> TestCA {
        let trustDomain = trustDomain ?? self.trustDomain
        var template = try CertificateTemplate.authority(trustDomain.id.uri, commonName: commonName)
        try change(&template)
        let key = try template.key ?? template.keyType.makeKey()
        let certificate = try issue(template, key: key)
        return TestCA(
            trustDomain: trustDomain, certificate: certificate, key: key,
            intermediates: [certificate] + intermediates, root: root)
    }

    /// The root as a file of authorities has it.
    package var rootPEM: String {
        get throws { try root.serializeAsPEM().pemString + "\n" }
    }

    /// Issues an X509-SVID; `path` is the part of the ID after the trust domain.
    package func leaf(
        _ path: String = "/workload", _ change: (inout CertificateTemplate) throws -> Void = { _ in }
    ) throws -> TestSVID {
        var template = try CertificateTemplate.leaf(trustDomain.id.uri + path)
        try change(&template)
        let key = try template.key ?? template.keyType.makeKey()
        return TestSVID(certificates: [try issue(template, key: key)] + intermediates, key: key)
    }

    /// Issues an X509-SVID for an ID, be it of this trust domain or not.
    package func leaf(_ id: SPIFFEID) throws -> TestSVID {
        try leaf { $0.names = [.uniformResourceIdentifier(id.uri)] }
    }

    /// Signs any template at all.
    package func issue(_ template: CertificateTemplate, key: Certificate.PrivateKey) throws -> Certificate {
        try template.certificate(key: key, issuer: certificate.subject, issuerKey: self.key)
    }

    /// The bundle of the trust domain, with the root as its only authority.
    package var bundle: SPIFFEBundle {
        get throws {
            SPIFFEBundle(trustDomain: trustDomain, x509Authorities: [try X509Authority(root)])
        }
    }

    /// The same as a set of one.
    package var bundles: BundleSet {
        get throws { BundleSet([try bundle]) }
    }
}
