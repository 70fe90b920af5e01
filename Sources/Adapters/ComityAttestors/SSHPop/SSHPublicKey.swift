// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import Crypto
import SPIFFE
import X509
import _CryptoExtras

/// A key of SSH in one of the kinds that hosts have (RFC 4253, 5656, 8709).
struct SSHPublicKey: Equatable {
    enum Kind: String, CaseIterable {
        case rsa = "ssh-rsa"
        case p256 = "ecdsa-sha2-nistp256"
        case p384 = "ecdsa-sha2-nistp384"
        case p521 = "ecdsa-sha2-nistp521"
        case ed25519 = "ssh-ed25519"

        /// The kind that certificates with such a key have.
        var certificateName: String { rawValue + "-cert-v01@openssh.com" }
    }

    let kind: Kind
    let key: Certificate.PublicKey

    /// Reads what follows the name of the kind.
    init(_ kind: Kind, fields reader: inout SSHReader) throws(AttestationError) {
        self.kind = kind
        let material: (exponent: [UInt8], value: [UInt8])
        switch kind {
        case .rsa: material = (try reader.number(), try reader.number())
        case .p256, .p384, .p521:
            guard try reader.text() == String(kind.rawValue.dropFirst("ecdsa-sha2-".count)) else {
                throw AttestationError(.invalidArgument, "ssh: curve does not fit the kind of key")
            }
            material = ([], try reader.bytes())
        case .ed25519: material = ([], try reader.bytes())
        }
        do {
            key =
                switch kind {
                case .rsa: .init(try _RSA.Signing.PublicKey(n: Self.bounded(material.value), e: material.exponent))
                case .p256: .init(try P256.Signing.PublicKey(x963Representation: material.value))
                case .p384: .init(try P384.Signing.PublicKey(x963Representation: material.value))
                case .p521: .init(try P521.Signing.PublicKey(x963Representation: material.value))
                case .ed25519: .init(try Curve25519.Signing.PublicKey(rawRepresentation: material.value))
                }
        } catch {
            throw AttestationError(.invalidArgument, "ssh: \(kind.rawValue) key is malformed, too short or too long")
        }
    }

    /// Reads the whole of a key.
    init(_ bytes: [UInt8]) throws(AttestationError) {
        var reader = SSHReader(bytes)
        let name = try reader.text()
        guard let kind = Kind(rawValue: name) else {
            throw AttestationError(.invalidArgument, "ssh: key of kind \(name.quoted) is not supported")
        }
        try self.init(kind, fields: &reader)
        guard reader.isAtEnd else { throw AttestationError(.invalidArgument, "ssh: something follows the key") }
    }

    /// Reads a line of an `authorized_keys` file; options before the key and a comment after it are passed over.
    init(authorizedKey line: String) throws(AttestationError) {
        try self.init(try Self.blob(authorizedKey: line) { Kind(rawValue: $0) != nil })
    }

    /// The binary form within a line whose kind fits.
    static func blob(authorizedKey line: String, _ isKind: (String) -> Bool) throws(AttestationError) -> [UInt8] {
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let position = words.firstIndex(where: isKind), words.indices.contains(position + 1),
            let blob = Base64.standard.decode(words[position + 1])
        else { throw AttestationError(.invalidArgument, "ssh: no key in authorized_keys format") }
        return blob
    }

    private static func bounded(_ modulus: [UInt8]) throws -> [UInt8] {
        guard modulus.count * 8 <= X509PopServerSettings.largestRSAKeySize else {
            throw AttestationError(.invalidArgument, "ssh: RSA key is too long")
        }
        return modulus
    }

    /// - Parameter acceptsSHA1: For a proof over fresh random bytes of the verifier, where collisions are of no use.
    func isValidSignature(_ signature: SSHSignature, for data: [UInt8], acceptsSHA1: Bool = false) -> Bool {
        switch kind {
        case .rsa:
            guard let key = _RSA.Signing.PublicKey(key) else { return false }
            let raw = _RSA.Signing.RSASignature(rawRepresentation: signature.blob)
            return switch signature.format {
            case "rsa-sha2-256": key.isValidSignature(raw, for: SHA256.hash(data: data), padding: .insecurePKCS1v1_5)
            case "rsa-sha2-512": key.isValidSignature(raw, for: SHA512.hash(data: data), padding: .insecurePKCS1v1_5)
            case "ssh-rsa" where acceptsSHA1:
                key.isValidSignature(raw, for: Insecure.SHA1.hash(data: data), padding: .insecurePKCS1v1_5)
            default: false
            }
        case .p256: return isValid(signature, for: SHA256.hash(data: data))
        case .p384: return isValid(signature, for: SHA384.hash(data: data))
        case .p521: return isValid(signature, for: SHA512.hash(data: data))
        case .ed25519:
            guard signature.format == kind.rawValue, let key = Curve25519.Signing.PublicKey(key) else { return false }
            return key.isValidSignature(signature.blob, for: data)
        }
    }

    private func isValid(_ signature: SSHSignature, for digest: some Digest) -> Bool {
        var reader = SSHReader(signature.blob)
        guard signature.format == kind.rawValue, let r = try? reader.number(), let s = try? reader.number(),
            reader.isAtEnd
        else { return false }
        return CertificateSignature.isValid(r: r, s: s, for: digest, by: key)
    }
}
