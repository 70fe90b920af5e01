// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import SwiftASN1
import X509

/// PKCS#10 requests of P-256 keys.
enum CertificateRequest {
    /// - Parameter uri: The SPIFFE ID it asks for, where the server takes it from the request.
    static func make(by key: P256.Signing.PrivateKey = .init(), uri: String? = nil) throws -> Data {
        var attributes: [CertificateSigningRequest.Attribute] = []
        if let uri {
            let names = SubjectAlternativeNames([.uniformResourceIdentifier(uri)])
            attributes.append(try .init(ExtensionRequest(extensions: try Certificate.Extensions { names })))
        }
        let request = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName(), privateKey: .init(key),
            attributes: CertificateSigningRequest.Attributes(attributes))
        var serializer = DER.Serializer()
        try serializer.serialize(request)
        return Data(serializer.serializedBytes)
    }
}
