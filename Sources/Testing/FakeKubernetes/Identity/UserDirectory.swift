// SPDX-License-Identifier: Apache-2.0

import SwiftASN1
import Synchronization
import X509

/// The users of the cluster beside its service accounts.
final class UserDirectory: Sendable {
    private let tokens = Mutex<[String: APIUser]>([:])

    func add(_ user: APIUser, token: String) {
        tokens.withLock { $0[token] = user }
    }

    func user(withToken token: String) -> APIUser? {
        tokens.withLock { $0[token] }
    }

    /// The common name is the user, the organisations are the groups. TLS has verified the certificate.
    func user(withCertificate bytes: [UInt8]) -> APIUser? {
        guard let subject = try? Certificate(derEncoded: bytes).subject else { return nil }
        let attributes = subject.flatMap { $0 }
        let texts: (ASN1ObjectIdentifier) -> [String] = { wanted in
            attributes.filter { $0.type == wanted }.map { "\($0.value)" }
        }
        return texts(.RDNAttributeType.commonName).first.map {
            APIUser($0, groups: texts(.RDNAttributeType.organizationName) + ["system:authenticated"])
        }
    }
}
