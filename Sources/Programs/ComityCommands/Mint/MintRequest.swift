// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
import SPIFFE
import SwiftASN1
import X509

/// A fresh key and the request to certify it.
struct MintRequest {
    let csr: Data
    /// PKCS #8 DER.
    let privateKey: [UInt8]

    /// - Throws: When the names cannot be encoded.
    init(for id: SPIFFEID, dnsNames: [String]) throws {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let names: [GeneralName] = [.uniformResourceIdentifier(id.uri)] + dnsNames.map { .dnsName($0) }
        let extensions = try Certificate.Extensions { SubjectAlternativeNames(names) }
        let request = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName(), privateKey: key,
            attributes: .init([.init(ExtensionRequest(extensions: extensions))]))
        var serializer = DER.Serializer()
        try serializer.serialize(request)
        csr = Data(serializer.serializedBytes)
        privateKey = try PrivateKeyEncoding.pkcs8DER(of: key)
    }
}
