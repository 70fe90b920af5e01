// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import SPIFFE

/// What agent and server say to each other in `sshpop`, in SPIRE's JSON.
enum SSHPopMessages {
    static func payload(_ certificate: [UInt8]) -> [UInt8] {
        json(["Certificate": .bytes(certificate)])
    }

    static func certificate(payload: [UInt8]) throws(AttestationError) -> [UInt8] {
        let bytes = try JSONValue(message: payload, "failed to unmarshal data").bytes("Certificate")
        guard let bytes, !bytes.isEmpty else {
            throw AttestationError(.invalidArgument, "no certificate in response")
        }
        return bytes
    }

    static func challenge(_ nonce: Nonce) -> [UInt8] {
        json(["Nonce": .bytes(nonce.bytes)])
    }

    private static func json(_ message: JSONValue) -> [UInt8] { message.bytes() }

    static func nonce(challenge: [UInt8]) throws(AttestationError) -> Nonce {
        try nonce(
            of: try JSONValue(message: challenge, "failed to unmarshal challenge request"),
            "invalid challenge nonce size")
    }

    static func response(_ signature: SSHSignature, _ nonce: Nonce) -> [UInt8] {
        json([
            "Nonce": .bytes(nonce.bytes),
            "Signature": ["Format": .string(signature.format), "Blob": .bytes(signature.blob), "Rest": nil],
        ])
    }

    static func response(
        parsing message: [UInt8]
    ) throws(AttestationError) -> (signature: SSHSignature, nonce: Nonce) {
        let message = try JSONValue(message: message, "failed to unmarshal challenge response")
        let nonce = try nonce(of: message, "failed to combine nonces: invalid response nonce size")
        guard let format = message["Signature"]?["Format"]?.string,
            let blob = message["Signature"]?.bytes("Blob")
        else { throw AttestationError(.invalidArgument, "failed to verify signature: there is none") }
        return (SSHSignature(format: format, blob: blob), nonce)
    }

    private static func nonce(of message: JSONValue, _ failure: String) throws(AttestationError) -> Nonce {
        guard let nonce = message.bytes("Nonce").flatMap({ Nonce($0) }) else {
            throw AttestationError(.invalidArgument, failure)
        }
        return nonce
    }
}
