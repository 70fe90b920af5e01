// SPDX-License-Identifier: Apache-2.0

import SwiftASN1

/// Which public keys may become the key of an SVID (decision D-10): P-256, P-384, P-521, Ed25519, RSA of 2048 to 8192
/// bits. Looked at before anything is computed with the key.
enum PublicKeyStrength {
    private static let rsa: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 1, 1]
    private static let ellipticCurve: ASN1ObjectIdentifier = [1, 2, 840, 10045, 2, 1]
    private static let ed25519: ASN1ObjectIdentifier = [1, 3, 101, 112]
    private static let curves: [ASN1ObjectIdentifier] = [
        [1, 2, 840, 10045, 3, 1, 7], [1, 3, 132, 0, 34], [1, 3, 132, 0, 35],
    ]
    private static let rsaBits = 2048...8192

    /// Checks the key in a PKCS #10 request.
    static func check(request der: [UInt8]) throws {
        // CertificationRequest { info { version, subject, subjectPKInfo, … }, … }
        let request = try DER.parse(der)
        guard let info = children(request).first else { throw malformed }
        let fields = children(info)
        guard fields.count > 2 else { throw malformed }
        try check(keyInfo: fields[2])
    }

    private static func check(keyInfo: ASN1Node) throws {
        let fields = children(keyInfo)
        guard fields.count == 2 else { throw malformed }
        let algorithm = children(fields[0])
        guard let type = algorithm.first else { throw malformed }
        switch try ASN1ObjectIdentifier(derEncoded: type) {
        case rsa:
            try check(rsaKey: try ASN1BitString(derEncoded: fields[1]).bytes)
        case ellipticCurve:
            guard algorithm.count == 2, let curve = try? ASN1ObjectIdentifier(derEncoded: algorithm[1]),
                curves.contains(curve)
            else {
                throw AuthorityError(.invalidKey, "curve of the key is not supported; use P-256, P-384 or P-521")
            }
        case ed25519:
            break
        default:
            throw AuthorityError(.invalidKey, "type of the key is not supported; use EC, RSA or Ed25519")
        }
    }

    private static func check(rsaKey: ArraySlice<UInt8>) throws {
        guard let modulus = children(try DER.parse(rsaKey)).first, case .primitive(let bytes) = modulus.content else {
            throw malformed
        }
        let significant = bytes.drop { $0 == 0 }
        let bits = significant.count * 8 - (significant.first?.leadingZeroBitCount ?? 0)
        guard rsaBits.contains(bits) else {
            throw AuthorityError(
                .invalidKey,
                "RSA key has \(bits) bits; use \(rsaBits.lowerBound) to \(rsaBits.upperBound)")
        }
    }

    private static func children(_ node: ASN1Node) -> [ASN1Node] {
        guard case .constructed(let nodes) = node.content else { return [] }
        return Array(nodes)
    }

    private static var malformed: AuthorityError {
        AuthorityError(.invalidRequest, "not a PKCS #10 request in DER")
    }
}
