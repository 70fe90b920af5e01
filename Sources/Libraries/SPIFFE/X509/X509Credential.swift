// SPDX-License-Identifier: Apache-2.0

public import FoundationEssentials
public import X509

/// An identity of our own: an X509-SVID with its private key.
public struct X509Credential: Hashable, Sendable {
    /// The identity that the leaf carries.
    public let id: SPIFFEID

    /// Leaf first, then the intermediates that peers need, without the root.
    public let certificates: [Certificate]

    /// The key of the leaf.
    public let privateKey: Certificate.PrivateKey

    /// The operator's word for what this identity is for; empty when there is none.
    public let hint: String

    /// Checks that the leaf obeys the rules for X509-SVIDs and that the key is its own; trusts the issuer.
    ///
    /// - Parameters:
    ///   - certificates: Leaf first, then intermediates.
    ///   - privateKey: The key of the leaf.
    ///   - hint: The operator's word for what this identity is for.
    /// - Throws: ``SPIFFEError`` with code `invalidX509SVID` when a certificate cannot have its place in the chain, or
    ///   `invalidKey` when the key is not the leaf's.
    public init(
        certificates: [Certificate], privateKey: Certificate.PrivateKey, hint: String = ""
    ) throws(SPIFFEError) {
        let presented = try UnverifiedX509SVID(certificates: certificates)
        do throws(PathFailure) {
            try X509LeafRules.check(presented.leaf, role: .any)
            for certificate in certificates.dropFirst() {
                try PathCertificate(certificate, label: "signing certificate").checkIssuing(isTrusted: true)
            }
        } catch {
            throw SPIFFEError(.invalidX509SVID, "certificate validation failed: \(error.message)")
        }
        guard presented.leaf.certificate.publicKey == privateKey.publicKey else {
            throw SPIFFEError(
                .invalidKey, "private key validation failed: leaf certificate does not match private key")
        }
        id = presented.claimedID
        leaf = presented.leaf.certificate
        self.certificates = certificates
        self.privateKey = privateKey
        self.hint = hint
    }

    /// The certificate that carries the ID.
    public let leaf: Certificate

    /// The leaf's start of validity.
    public var notBefore: Date { leaf.notValidBefore }

    /// The leaf's end of validity.
    public var expiresAt: Date { leaf.notValidAfter }
}

extension X509Credential: CustomStringConvertible {
    /// Without the key.
    public var description: String { "X509Credential(\(id), expires \(expiresAt.formatted(.iso8601)))" }
}
