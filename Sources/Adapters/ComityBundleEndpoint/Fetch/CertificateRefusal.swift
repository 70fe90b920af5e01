// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import NIOSSL
import SwiftASN1
import X509

/// What is wrong with a web server's certificate. TLS itself only tells that it was refused.
struct CertificateRefusal: CustomStringConvertible {
    let description: String

    init(_ certificate: NIOSSLCertificate, host: String, error: any Error, now: Date = Date()) {
        guard let parsed = (try? certificate.toDERBytes()).flatMap({ try? Certificate(derEncoded: $0) }) else {
            description = "certificate of \(host) cannot be read"
            return
        }
        let reason =
            if parsed.notValidAfter < now {
                "it has expired on \(parsed.notValidAfter.formatted(.iso8601))"
            } else if parsed.notValidBefore > now {
                "it is not valid before \(parsed.notValidBefore.formatted(.iso8601))"
            } else if (error as? NIOSSLExtraError) == .failedToValidateHostname {
                "it is for another name"
            } else {
                "it is signed by unknown authority"
            }
        description = "certificate of \(host) cannot be verified: \(reason)"
    }
}
