// SPDX-License-Identifier: Apache-2.0

package import NIOSSL

/// What the endpoint proves itself with, asked anew for each connection.
package protocol EndpointCertificate: Sendable {
    /// - Throws: ``BundleEndpointError`` with code `certificate`; the connection is refused then.
    func current() throws -> CertifiedKey
}

/// A certificate chain and its key, ready for handshakes.
package struct CertifiedKey: Sendable {
    /// Leaf first.
    package let chain: [NIOSSLCertificate]
    package let key: NIOSSLPrivateKey

    package init(chain: [NIOSSLCertificate], key: NIOSSLPrivateKey) {
        self.chain = chain
        self.key = key
    }

    /// The settings of the endpoint's TLS: Mozilla's "intermediate" (Federation §5), no client certificate asked for.
    func tlsConfiguration() -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.cipherSuiteValues = [
            .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
            .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256, .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        ]
        configuration.applicationProtocols = ["h2", "http/1.1"]
        configuration.certificateVerification = .none
        return configuration
    }
}
