// SPDX-License-Identifier: Apache-2.0

import NIOSSL
import SPIFFE
import Synchronization

/// Turns the identity of the moment into what a handshake needs, once per rotation.
final class PreparedCredential: Sendable {
    struct Material: Sendable {
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKeySource
    }

    private struct Entry {
        let credential: X509Credential
        let material: Material
    }

    private let source: any X509CredentialSource
    private let latest = Mutex<Entry?>(nil)

    init(_ source: some X509CredentialSource) {
        self.source = source
    }

    var current: Material {
        get throws(WorkloadAPIError) {
            let credential = try source.credential
            if let latest = latest.withLock({ $0 }), latest.credential.certificates == credential.certificates {
                return latest.material
            }
            let material = try Self.prepare(credential)
            latest.withLock { $0 = Entry(credential: credential, material: material) }
            return material
        }
    }

    private static func prepare(_ credential: X509Credential) throws(WorkloadAPIError) -> Material {
        do {
            let chain = try credential.derCertificates.map { der in
                NIOSSLCertificateSource.certificate(try NIOSSLCertificate(bytes: der, format: .der))
            }
            let key = try NIOSSLPrivateKey(bytes: try credential.privateKeyDER, format: .der)
            return Material(chain: chain, key: .privateKey(key))
        } catch {
            // The cause may quote the key.
            throw WorkloadAPIError(.invalidCredential, "identity \(credential.id) cannot be used for TLS")
        }
    }
}
