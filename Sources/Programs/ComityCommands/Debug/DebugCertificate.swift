// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import ServerAPIProtos

/// A certificate of the chain that a program shows of itself.
struct DebugCertificate: Sendable {
    var id: Spire_Api_Types_SPIFFEID?
    var expiresAt: Int64
    var subject: String

    var json: JSONValue {
        .message(["id": id?.json, "expires_at": .long(expiresAt), "subject": .string(subject)])
    }

    static func text(of chain: [DebugCertificate]) -> String {
        chain.map { certificate in
            """
                ID         : \(certificate.id.map(\.text) ?? "(none)")
                Subject    : \(certificate.subject)
                Expires at : \(GoTime.utc(certificate.expiresAt))

            """
        }.joined(separator: "\n")
    }
}
