// SPDX-License-Identifier: Apache-2.0

import NIOSSL
import SPIFFE

/// What a connection to an API server is secured with. Another material needs other connections.
struct TLSMaterial: Hashable, Sendable {
    let authorities: [UInt8]?
    let skipsVerification: Bool
    let certificate: [UInt8]?
    let key: [UInt8]?

    init(_ configuration: ClusterConfiguration, _ access: ClusterAccess) throws(KubernetesError) {
        authorities = try configuration.authorities?.read("the certificate authority")
        skipsVerification = configuration.skipsVerification
        certificate = access.certificate
        key = access.key
    }

    func tlsConfiguration() throws(KubernetesError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        if skipsVerification { tls.certificateVerification = .none }
        if let authorities {
            tls.trustRoots = .certificates(try Self.certificates(authorities, "the certificate authority"))
        }
        guard let certificate, let key else { return tls }
        tls.certificateChain = try Self.certificates(certificate, "the client certificate").map { .certificate($0) }
        do {
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: key, format: .pem))
        } catch {
            throw Self.failure("the client key is no private key in PEM")
        }
        return tls
    }

    private static func certificates(_ pem: [UInt8], _ name: String) throws(KubernetesError) -> [NIOSSLCertificate] {
        guard let certificates = try? NIOSSLCertificate.fromPEMBytes(pem), !certificates.isEmpty else {
            throw failure("\(name) has no certificate in PEM")
        }
        return certificates
    }

    private static func failure(_ message: String) -> KubernetesError {
        KubernetesError(status: nil, reason: KubernetesError.Reason.configuration, message)
    }
}
