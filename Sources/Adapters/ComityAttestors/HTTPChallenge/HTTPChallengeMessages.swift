// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import SPIFFE

/// What agent and server say to each other in `http_challenge`, in SPIRE's JSON.
enum HTTPChallengeMessages {
    /// What the agent answers to the challenge; only that it does counts.
    static let ready: [UInt8] = [UInt8(ascii: "\n")]

    /// Where the server finds the agent.
    struct Location: Equatable {
        var hostName: String
        var agentName: String
        var port: Int
    }

    static func path(agentName: String) -> String {
        "/.well-known/spiffe/nodeattestor/http_challenge/\(agentName)/challenge"
    }

    static func payload(_ location: Location) -> [UInt8] {
        let message: JSONValue = [
            "hostname": .string(location.hostName), "agentname": .string(location.agentName),
            "port": .number(JSONNumber(location.port)),
        ]
        return message.bytes()
    }

    static func location(payload: [UInt8]) throws(AttestationError) -> Location {
        let message = try JSONValue(message: payload, "failed to unmarshal data")
        let port = message["port"]?.number?.signed ?? 0
        return Location(
            hostName: message["hostname"]?.string ?? "", agentName: message["agentname"]?.string ?? "",
            port: Int(clamping: port))
    }

    static func challenge(_ nonce: String) -> [UInt8] {
        let message: JSONValue = ["nonce": .string(nonce)]
        return message.bytes()
    }

    static func nonce(challenge: [UInt8]) throws(AttestationError) -> String {
        let nonce = try JSONValue(message: challenge, "unable to unmarshal challenge")["nonce"]?.string ?? ""
        // It is served to whoever asks, so that it must be nothing but a nonce.
        let isPlain = nonce.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "=") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte & 0xDF)
        }
        guard (1...64).contains(nonce.utf8.count), isPlain else {
            throw AttestationError(.invalidArgument, "challenge holds no nonce")
        }
        return nonce
    }
}
