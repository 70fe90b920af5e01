// SPDX-License-Identifier: Apache-2.0

import NIOSSL
package import SPIFFE
import SwiftASN1
package import X509

/// A certificate chain and its key, ready for handshakes. Make it once per rotation, not once per handshake.
package struct TLSIdentity: Sendable {
    let certificateChain: [NIOSSLCertificateSource]
    let privateKey: NIOSSLPrivateKeySource

    /// - Parameter certificates: leaf first, without the root.
    /// - Throws: ``TransportError`` with code `invalidIdentity`.
    package init(certificates: [Certificate], privateKey: Certificate.PrivateKey) throws(TransportError) {
        guard !certificates.isEmpty else {
            throw TransportError(.invalidIdentity, "identity has no certificate")
        }
        do {
            certificateChain = try certificates.map { certificate in
                var serializer = DER.Serializer()
                try serializer.serialize(certificate)
                return .certificate(try NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der))
            }
            let pem = try privateKey.serializeAsPEM().pemString
            self.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(pem.utf8), format: .pem))
        } catch {
            throw TransportError(.invalidIdentity, "identity cannot be used for TLS", cause: error)
        }
    }
}

extension TLSIdentity {
    /// - Throws: ``TransportError`` with code `invalidIdentity`.
    package init(_ credential: X509Credential) throws(TransportError) {
        try self.init(certificates: credential.certificates, privateKey: credential.privateKey)
    }
}
