// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import SwiftASN1
import X509

/// PKCS #10 requests. They carry nothing but the key: who it is for is the server's knowledge.
enum CertificateRequest {
    static func make(by key: SigningKey) throws -> [UInt8] {
        let request = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName(), privateKey: key.certificateKey,
            attributes: CertificateSigningRequest.Attributes())
        var serializer = DER.Serializer()
        try serializer.serialize(request)
        return serializer.serializedBytes
    }
}
