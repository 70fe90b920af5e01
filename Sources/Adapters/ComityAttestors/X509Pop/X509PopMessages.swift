// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import SPIFFE
import X509

/// What agent and server say to each other in `x509pop`, in SPIRE's JSON.
enum X509PopMessages {
    static func payload(_ certificates: [[UInt8]]) -> [UInt8] {
        object(["certificates": .array(certificates.map { .string(Base64.standard.encode($0)) })])
    }

    /// The certificates in DER, leaf first.
    static func certificates(payload: [UInt8]) throws(AttestationError) -> [[UInt8]] {
        let list = try JSONValue(message: payload, "failed to unmarshal data")["certificates"]?.array ?? []
        var certificates: [[UInt8]] = []
        for item in list {
            guard let bytes = item.string.flatMap({ Base64.standard.decode($0) }) else {
                throw AttestationError(.invalidArgument, "failed to unmarshal data: certificate is not base64")
            }
            certificates.append(bytes)
        }
        return certificates
    }

    static func challenge(_ kind: CertificateSignature.Kind, _ nonce: Nonce) -> [UInt8] {
        message(kind, ["nonce": .bytes(nonce.bytes)])
    }

    /// The kind of signature that is asked for, and the server's nonce.
    static func challenge(
        parsing message: [UInt8]
    ) throws(AttestationError) -> (kind: CertificateSignature.Kind, nonce: Nonce) {
        let message = try JSONValue(message: message, "unable to unmarshal challenge")
        for kind in [CertificateSignature.Kind.rsa, .ecdsa] {
            guard let member = message[kind.rawValue], member != .null else { continue }
            guard let nonce = Nonce(number("nonce", of: member)) else {
                throw AttestationError(.invalidArgument, "invalid challenge nonce")
            }
            return (kind, nonce)
        }
        throw AttestationError(.invalidArgument, "challenge asks for neither an RSA nor an ECDSA signature")
    }

    static func response(_ signature: CertificateSignature, _ nonce: Nonce) -> [UInt8] {
        switch signature {
        case .rsa(let signature): message(.rsa, ["nonce": .bytes(nonce.bytes), "signature": .bytes(signature)])
        case .ecdsa(let r, let s): message(.ecdsa, ["nonce": .bytes(nonce.bytes), "r": .bytes(r), "s": .bytes(s)])
        }
    }

    /// The signature and the agent's nonce.
    static func response(
        parsing message: [UInt8], to kind: CertificateSignature.Kind
    ) throws(AttestationError) -> (signature: CertificateSignature, nonce: Nonce) {
        let message = try JSONValue(message: message, "unable to unmarshal challenge response")
        let failure = "challenge response verification failed"
        guard let member = message[kind.rawValue], member != .null else {
            let name = kind == .rsa ? "RSA" : "ECDSA"
            throw AttestationError(.permissionDenied, "\(failure): expecting \(name) response")
        }
        guard let nonce = Nonce(number("nonce", of: member)) else {
            throw AttestationError(.permissionDenied, "\(failure): invalid response nonce")
        }
        switch kind {
        case .rsa: return (.rsa(number("signature", of: member)), nonce)
        case .ecdsa: return (.ecdsa(r: number("r", of: member), s: number("s", of: member)), nonce)
        }
    }

    // MARK: - JSON

    /// As Go writes it: the other kind is there, and null.
    private static func message(_ kind: CertificateSignature.Kind, _ member: JSONValue) -> [UInt8] {
        object([
            CertificateSignature.Kind.rsa.rawValue: kind == .rsa ? member : .null,
            CertificateSignature.Kind.ecdsa.rawValue: kind == .ecdsa ? member : .null,
        ])
    }

    private static func object(_ value: JSONValue) -> [UInt8] { value.bytes() }

    /// Empty when it is missing or not base64, which no check lets pass.
    private static func number(_ name: String, of member: JSONValue) -> [UInt8] {
        member.bytes(name) ?? []
    }
}
