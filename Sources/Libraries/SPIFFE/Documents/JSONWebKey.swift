// SPDX-License-Identifier: Apache-2.0

import Crypto
import FoundationEssentials
import X509
import _CryptoExtras

/// A public key as the members of a JWK (RFC 7517, RFC 7518 §6, RFC 8037).
struct JSONWebKey {
    let publicKey: Certificate.PublicKey

    init(_ publicKey: Certificate.PublicKey) {
        self.publicKey = publicKey
    }

    /// - Throws: ``SPIFFEError`` with code `invalidKey` for a type that is unknown, or members that are missing, malformed or weak.
    init(members: JSONObject) throws(SPIFFEError) {
        guard let type = members["kty"] else {
            throw SPIFFEError(.invalidKey, "kty is missing")
        }
        do {
            switch type {
            case "EC": publicKey = try Self.makeEllipticKey(members)
            case "RSA": publicKey = try Self.makeRSAKey(members)
            case "OKP": publicKey = try Self.makeEdwardsKey(members)
            default:
                throw SPIFFEError(
                    .invalidKey, "kty \(type.description.prefix(64)) is unknown; known are EC, RSA and OKP")
            }
        } catch let error as SPIFFEError {
            throw error
        } catch {
            throw SPIFFEError(.invalidKey, "key is malformed or too weak", cause: error)
        }
    }

    private static func makeEllipticKey(_ members: JSONObject) throws -> Certificate.PublicKey {
        let curve = members["crv"]
        let x = try bytes(of: "x", in: members)
        let y = try bytes(of: "y", in: members)
        // Coordinates have the full length of the field (RFC 7518 §6.2.1.2), else two keys could share one text.
        guard x.count == y.count else {
            throw SPIFFEError(.invalidKey, "x and y differ in length")
        }
        switch curve {
        case "P-256": return Certificate.PublicKey(try P256.Signing.PublicKey(rawRepresentation: x + y))
        case "P-384": return Certificate.PublicKey(try P384.Signing.PublicKey(rawRepresentation: x + y))
        case "P-521": return Certificate.PublicKey(try P521.Signing.PublicKey(rawRepresentation: x + y))
        default: throw unknownCurve(curve, known: "P-256, P-384 and P-521")
        }
    }

    private static func makeRSAKey(_ members: JSONObject) throws -> Certificate.PublicKey {
        let modulus = try bytes(of: "n", in: members)
        let exponent = try bytes(of: "e", in: members)
        return Certificate.PublicKey(try _RSA.Signing.PublicKey(n: modulus, e: exponent))
    }

    private static func makeEdwardsKey(_ members: JSONObject) throws -> Certificate.PublicKey {
        guard members["crv"] == "Ed25519" else {
            throw unknownCurve(members["crv"], known: "Ed25519")
        }
        let x = try bytes(of: "x", in: members)
        return Certificate.PublicKey(try Curve25519.Signing.PublicKey(rawRepresentation: x))
    }

    private static func unknownCurve(_ curve: JSONValue?, known: String) -> SPIFFEError {
        SPIFFEError(
            .invalidKey, "crv \(curve?.description.prefix(64) ?? "is missing, it") is unknown; known are \(known)")
    }

    private static func bytes(of name: String, in members: JSONObject) throws(SPIFFEError) -> [UInt8] {
        guard let text = members[name]?.string else {
            throw SPIFFEError(.invalidKey, "\(name) is missing or not a string")
        }
        guard let bytes = Base64.url.decode(text), !bytes.isEmpty else {
            throw SPIFFEError(.invalidKey, "\(name) is not base64url without padding")
        }
        return bytes
    }
}

extension JSONWebKey {
    /// The members in the order in which go-jose writes them, and SPIRE with it.
    func members(use: String, keyID: String? = nil, certificate: [UInt8]? = nil) -> JSONObject {
        var members: JSONObject = ["use": .string(use), "kty": .string(type)]
        members["kid"] = keyID.map { .string($0) }
        for (name, value) in keyMembers {
            members[name] = .string(value)
        }
        members["x5c"] = certificate.map { [.string(Base64.standard.encode($0))] }
        return members
    }

    private var type: String {
        if _RSA.Signing.PublicKey(publicKey) != nil { return "RSA" }
        return Curve25519.Signing.PublicKey(publicKey) != nil ? "OKP" : "EC"
    }

    private var keyMembers: [(name: String, value: String)] {
        if let key = P256.Signing.PublicKey(publicKey) { return ellipticMembers("P-256", key.rawRepresentation) }
        if let key = P384.Signing.PublicKey(publicKey) { return ellipticMembers("P-384", key.rawRepresentation) }
        if let key = P521.Signing.PublicKey(publicKey) { return ellipticMembers("P-521", key.rawRepresentation) }
        if let key = Curve25519.Signing.PublicKey(publicKey) {
            return [("crv", "Ed25519"), ("x", Base64.url.encode(key.rawRepresentation))]
        }
        guard let key = _RSA.Signing.PublicKey(publicKey), let primitives = try? key.getKeyPrimitives() else {
            fatalError("certificate key of an unknown kind")
        }
        return [
            ("n", Base64.url.encode(primitives.modulus)), ("e", Base64.url.encode(primitives.publicExponent)),
        ]
    }

    private func ellipticMembers(_ curve: String, _ point: Data) -> [(name: String, value: String)] {
        let half = point.count / 2
        return [
            ("crv", curve), ("x", Base64.url.encode(point.prefix(half))), ("y", Base64.url.encode(point.suffix(half))),
        ]
    }
}
