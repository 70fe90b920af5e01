// SPDX-License-Identifier: Apache-2.0

import NIOSSL
package import SPIFFE
import Synchronization

/// The server's own X509-SVID as the endpoint's certificate (`https_spiffe`).
package final class SVIDCertificate: EndpointCertificate {
    private let credential: @Sendable () -> X509Credential?
    /// The last conversion; most handshakes come between two rotations.
    private let converted = Mutex<(credential: X509Credential, key: CertifiedKey)?>(nil)

    /// - Parameter credential: the SVID of the moment; `nil` before the first was issued.
    package init(_ credential: @escaping @Sendable () -> X509Credential?) {
        self.credential = credential
    }

    package func current() throws -> CertifiedKey {
        guard let credential = credential() else {
            throw BundleEndpointError(.certificate, "no X509-SVID has been issued for the bundle endpoint yet")
        }
        if let key = converted.withLock({ $0?.credential == credential ? $0?.key : nil }) { return key }
        let key = try convert(credential)
        converted.withLock { $0 = (credential, key) }
        return key
    }

    private func convert(_ credential: X509Credential) throws -> CertifiedKey {
        do {
            return CertifiedKey(
                chain: try credential.derCertificates.map { try NIOSSLCertificate(bytes: $0, format: .der) },
                key: try NIOSSLPrivateKey(bytes: try credential.privateKeyDER, format: .der))
        } catch {
            throw BundleEndpointError(
                .certificate, "X509-SVID \"\(credential.id)\" cannot be used for the bundle endpoint", cause: error)
        }
    }
}
