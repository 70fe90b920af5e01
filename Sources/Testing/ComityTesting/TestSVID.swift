// SPDX-License-Identifier: Apache-2.0

package import SPIFFE
import SwiftASN1
package import X509

/// A chain and its key as ``TestCA`` made them, valid or not.
package struct TestSVID: Sendable {
    /// Leaf first.
    package var certificates: [Certificate]
    package var key: Certificate.PrivateKey

    package init(certificates: [Certificate], key: Certificate.PrivateKey) {
        self.certificates = certificates
        self.key = key
    }

    package var leaf: Certificate { certificates[0] }

    /// As a peer's chain.
    package func unverified() throws -> UnverifiedX509SVID {
        try UnverifiedX509SVID(certificates: certificates)
    }

    /// As an identity of our own; throws when the leaf breaks a rule.
    package func credential(hint: String = "") throws -> X509Credential {
        try X509Credential(certificates: certificates, privateKey: key, hint: hint)
    }

    package var derCertificates: [[UInt8]] {
        get throws { try certificates.map { try $0.derBytes } }
    }

    /// As in the Workload API: DER certificates one after the other.
    package var concatenatedDER: [UInt8] {
        get throws { try derCertificates.flatMap { $0 } }
    }

    package var certificatesPEM: String {
        get throws { try certificates.map { try $0.serializeAsPEM().pemString + "\n" }.joined() }
    }

    package var keyPEM: String {
        get throws { try key.serializeAsPEM().pemString + "\n" }
    }
}

extension Certificate {
    package var derBytes: [UInt8] {
        get throws {
            var serializer = DER.Serializer()
            try serializer.serialize(self)
            return serializer.serializedBytes
        }
    }
}
