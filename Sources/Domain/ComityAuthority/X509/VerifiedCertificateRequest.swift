// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
package import X509

/// A certificate signing request whose sender has the private key (PKCS #10, RFC 2986).
///
/// Only its key is ever signed as asked; names in it are a wish that the receiver has to judge.
package struct VerifiedCertificateRequest: Sendable {
    /// The longest request that is read, in bytes.
    package static let maximumSize = 64 * 1024

    package let publicKey: Certificate.PublicKey
    package let subject: DistinguishedName
    /// URI SANs as they were sent.
    package let uris: [String]
    /// DNS SANs as they were sent.
    package let dnsNames: [String]

    /// - Throws: ``AuthorityError`` with code `invalidRequest`, `invalidKey` or `invalidRequestSignature`.
    package init(derBytes: [UInt8]) throws(AuthorityError) {
        guard derBytes.count <= Self.maximumSize else {
            throw AuthorityError(.invalidRequest, "CSR is longer than \(Self.maximumSize) bytes")
        }
        let request: CertificateSigningRequest
        do {
            try PublicKeyStrength.check(request: derBytes)
            request = try CertificateSigningRequest(derEncoded: derBytes)
            let names = try request.attributes.extensionRequest?.extensions.subjectAlternativeNames
            uris = names?.compactMap { if case .uniformResourceIdentifier(let uri) = $0 { uri } else { nil } } ?? []
            dnsNames = names?.compactMap { if case .dnsName(let name) = $0 { name } else { nil } } ?? []
        } catch let error as AuthorityError {
            throw error
        } catch {
            // What the parser says of it is in words for its authors.
            throw AuthorityError(.invalidRequest, "not a PKCS #10 request in DER, or not all of it")
        }
        guard request.publicKey.isValidSignature(request.signature, for: request) else {
            throw AuthorityError(.invalidRequestSignature, "signature does not match the key in the request")
        }
        publicKey = request.publicKey
        subject = request.subject
    }
}
