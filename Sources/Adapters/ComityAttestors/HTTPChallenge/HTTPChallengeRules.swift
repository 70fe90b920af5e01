// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

extension HTTPChallengeServerSettings {
    private static let longestName = 253
    private static let longestAgentName = 32
    private static let firstNonRootPort = 1024

    /// Says whether the server may call there: the address is the claim of a stranger.
    func check(_ location: HTTPChallengeMessages.Location) throws(AttestationError) {
        try check(port: location.port)
        guard Self.isAgentName(location.agentName) else {
            throw AttestationError(.invalidArgument, "agent name is not valid")
        }
        guard Self.isHostName(location.hostName) else {
            throw AttestationError(.invalidArgument, "hostname is not valid")
        }
        guard location.hostName.lowercased() != "localhost" else {
            throw AttestationError(.permissionDenied, "you can not use localhost as a hostname")
        }
        guard allowedDNSPatterns.isEmpty || allowedDNSPatterns.contains(where: { $0.matches(location.hostName) }) else {
            throw AttestationError(.permissionDenied, "the requested hostname is not allowed to connect")
        }
    }

    private func check(port: Int) throws(AttestationError) {
        guard (1...65535).contains(port) else {
            throw AttestationError(.invalidArgument, "port \(port) is not valid")
        }
        if let requiredPort, port != requiredPort {
            throw AttestationError(.invalidArgument, "port \(port) is not allowed to be used by this server")
        }
        guard allowsNonRootPorts || port < Self.firstNonRootPort else {
            throw AttestationError(.invalidArgument, "port \(port) is not allowed to be >= 1024")
        }
    }

    /// Letters, digits and dashes after a first letter: never a dot or a slash, which would name another path.
    private static func isAgentName(_ name: String) -> Bool {
        guard (1...longestAgentName).contains(name.utf8.count), let first = name.utf8.first, isLetter(first) else {
            return false
        }
        return name.utf8.allSatisfy {
            isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        }
    }

    /// A DNS name or an IPv4 address; no other character, so that no other URL can be made of it.
    private static func isHostName(_ name: String) -> Bool {
        guard (1...longestName).contains(name.utf8.count), name.utf8.first != UInt8(ascii: ".") else { return false }
        return name.utf8.allSatisfy { byte in
            isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
        }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
