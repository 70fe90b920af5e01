// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import NIOSSL
import X509

/// An authority as of the Web PKI: its certificates name hosts.
struct WebCA {
    private let ca: TestCA

    init() throws {
        ca = try TestCA("web.test", commonName: "Web Root") { $0.names = [] }
    }

    func leaf(_ host: String, _ change: (inout CertificateTemplate) throws -> Void = { _ in }) throws -> TestSVID {
        try ca.leaf { template in
            template.names = [.dnsName(host)]
            try change(&template)
        }
    }

    func rootPEM() throws -> String {
        try TestSVID(certificates: [ca.root], key: ca.key).certificatesPEM
    }

    func root() throws -> NIOSSLCertificate {
        try NIOSSLCertificate(bytes: try ca.root.derBytes, format: .der)
    }
}
