// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import Crypto
import SPIFFE
import SwiftASN1
import X509
import _CryptoExtras

/// The key of a host.
enum SSHPrivateKey {
    case rsa(_RSA.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
    case p384(P384.Signing.PrivateKey)
    case p521(P521.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)

    private static let magic = Array("openssh-key-v1\0".utf8)

    /// Reads a file as `ssh-keygen` writes it, in its own form or in an older one.
    init(pem: [UInt8]) throws(AttestationError) {
        guard let blocks = try? PEMBlock.parse(pem), let block = blocks.first, blocks.count == 1 else {
            throw Self.unreadable("it holds no single PEM block")
        }
        // Errors of what follows could quote the key.
        do {
            self =
                block.label == "OPENSSH PRIVATE KEY"
                ? try Self.openSSH(block.bytes) : try Self.other(String(decoding: pem, as: UTF8.self))
        } catch let error as AttestationError {
            throw error
        } catch {
            throw Self.unreadable("its \(block.label.quoted) block is malformed")
        }
    }

    var publicKey: Certificate.PublicKey {
        switch self {
        case .rsa(let key): .init(key.publicKey)
        case .p256(let key): .init(key.publicKey)
        case .p384(let key): .init(key.publicKey)
        case .p521(let key): .init(key.publicKey)
        case .ed25519(let key): .init(key.publicKey)
        }
    }

    func signature(for data: [UInt8]) throws -> SSHSignature {
        func numbers(_ kind: SSHPublicKey.Kind, _ raw: some Collection<UInt8>) -> SSHSignature {
            var writer = SSHWriter()
            writer.append(number: raw.prefix(raw.count / 2))
            writer.append(number: raw.suffix(raw.count / 2))
            return SSHSignature(format: kind.rawValue, blob: writer.bytes)
        }
        return switch self {
        case .rsa(let key):
            SSHSignature(
                format: "rsa-sha2-256",
                blob: Array(
                    try key.signature(for: SHA256.hash(data: data), padding: .insecurePKCS1v1_5).rawRepresentation))
        case .p256(let key): numbers(.p256, try key.signature(for: SHA256.hash(data: data)).rawRepresentation)
        case .p384(let key): numbers(.p384, try key.signature(for: SHA384.hash(data: data)).rawRepresentation)
        case .p521(let key): numbers(.p521, try key.signature(for: SHA512.hash(data: data)).rawRepresentation)
        case .ed25519(let key):
            SSHSignature(format: SSHPublicKey.Kind.ed25519.rawValue, blob: Array(try key.signature(for: data)))
        }
    }

    // MARK: - Forms

    private static func openSSH(_ bytes: [UInt8]) throws -> SSHPrivateKey {
        guard bytes.starts(with: magic) else { throw unreadable("its form is unknown") }
        var reader = SSHReader(bytes.dropFirst(magic.count))
        guard try reader.text() == "none" else { throw unreadable("it is protected by a passphrase") }
        _ = try reader.bytes()
        _ = try reader.bytes()
        guard try reader.uint32() == 1 else { throw unreadable("it holds more than one key") }
        _ = try reader.bytes()
        var secret = SSHReader(try reader.bytes())
        guard try secret.uint32() == secret.uint32() else { throw unreadable("it is damaged") }
        let name = try secret.text()
        switch SSHPublicKey.Kind(rawValue: name) {
        case .rsa?:
            let (n, e, d) = (try secret.number(), try secret.number(), try secret.number())
            _ = try secret.number()
            return .rsa(
                try _RSA.Signing.PrivateKey(n: n, e: e, d: d, p: try secret.number(), q: try secret.number()))
        case .p256?: return .p256(try .init(rawRepresentation: try scalar(&secret, 32)))
        case .p384?: return .p384(try .init(rawRepresentation: try scalar(&secret, 48)))
        case .p521?: return .p521(try .init(rawRepresentation: try scalar(&secret, 66)))
        case .ed25519?:
            _ = try secret.bytes()
            return .ed25519(try .init(rawRepresentation: try secret.bytes().prefix(32)))
        case nil: throw unreadable("keys of kind \(name.quoted) are not supported")
        }
    }

    /// The private number of a key on a curve, after the curve's name and the public point.
    private static func scalar(_ reader: inout SSHReader, _ length: Int) throws -> [UInt8] {
        _ = try reader.bytes()
        _ = try reader.bytes()
        let digits = try reader.number()
        guard digits.count <= length else { throw unreadable("it is damaged") }
        return Array(repeating: 0, count: length - digits.count) + digits
    }

    private static func other(_ pem: String) throws -> SSHPrivateKey {
        let normal = try Certificate.PrivateKey(pemEncoded: pem).serializeAsPEM().pemString
        if let key = try? _RSA.Signing.PrivateKey(pemRepresentation: normal) { return .rsa(key) }
        if let key = try? P256.Signing.PrivateKey(pemRepresentation: normal) { return .p256(key) }
        if let key = try? P384.Signing.PrivateKey(pemRepresentation: normal) { return .p384(key) }
        return .p521(try P521.Signing.PrivateKey(pemRepresentation: normal))
    }

    private static func unreadable(_ reason: String) -> AttestationError {
        AttestationError(.invalidArgument, "host key cannot be used: \(reason) (host_key_path)")
    }
}
