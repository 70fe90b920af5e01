// SPDX-License-Identifier: Apache-2.0

import SwiftASN1

/// Signature algorithms whose digest no longer resists forgery (decision D-10).
enum WeakSignature {
    /// RSA with MD2, MD5 and SHA-1; ECDSA with SHA-1. The certificate library has a name for one of them only.
    private static let algorithms: Set<ASN1ObjectIdentifier> = [
        [1, 2, 840, 113_549, 1, 1, 2], [1, 2, 840, 113_549, 1, 1, 4], [1, 2, 840, 113_549, 1, 1, 5],
        [1, 2, 840, 10_045, 4, 1],
    ]

    /// Says whether a DER certificate is signed by one of them (`signatureAlgorithm`, RFC 5280 §4.1.1.2).
    static func isUsed(inCertificate derBytes: [UInt8]) -> Bool {
        guard
            let certificate = try? DER.parse(derBytes),
            let signature = children(of: certificate)?.dropFirst().first,
            let name = children(of: signature)?.first,
            let algorithm = try? ASN1ObjectIdentifier(derEncoded: name)
        else { return false }
        return algorithms.contains(algorithm)
    }

    private static func children(of node: ASN1Node) -> [ASN1Node]? {
        guard case .constructed(let nodes) = node.content else { return nil }
        return Array(nodes)
    }
}
