// SPDX-License-Identifier: Apache-2.0

import NIOSSL
import SwiftASN1
import X509

/// Reads what a peer presented in a handshake.
enum PeerCertificates {
    /// Longer chains are refused before anything is parsed.
    static let maximumCount = 10

    static func parse(_ certificates: [NIOSSLCertificate]) throws -> [Certificate] {
        guard certificates.count <= maximumCount else {
            throw TransportError(
                .peerRefused, "peer sent \(certificates.count) certificates, more than \(maximumCount)")
        }
        return try certificates.map { try Certificate(derEncoded: $0.toDERBytes()) }
    }
}
