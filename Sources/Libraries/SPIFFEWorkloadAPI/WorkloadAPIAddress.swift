// SPDX-License-Identifier: Apache-2.0

public import FoundationEssentials
import NIOCore

/// Where a Workload API listens: a Unix socket or a TCP port of this machine (Workload Endpoint §4).
public struct WorkloadAPIAddress: Hashable, Sendable {
    /// The environment variable that names the address when the program does not.
    public static let environmentVariable = "SPIFFE_ENDPOINT_SOCKET"

    /// The longest path of a Unix socket on Linux.
    static let maximumPathLength = 107

    enum Endpoint: Hashable, Sendable {
        case unix(path: String)
        case tcp(host: String, port: Int, isIPv6: Bool)
    }

    let endpoint: Endpoint

    /// Reads an address such as `unix:///run/spire/agent.sock` or `tcp://127.0.0.1:8000`.
    ///
    /// - Throws: ``WorkloadAPIError`` with code `invalidAddress`.
    public init(_ uri: String) throws(WorkloadAPIError) {
        guard let colon = uri.utf8.firstIndex(of: UInt8(ascii: ":")) else {
            throw Self.invalid(uri, "it has no scheme")
        }
        let rest = uri[uri.index(after: colon)...]
        guard !rest.contains(where: { $0 == "?" || $0 == "#" }) else {
            throw Self.invalid(uri, "it must not have a query or a fragment")
        }
        switch uri[..<colon].lowercased() {
        case "unix": endpoint = try Self.unix(rest, of: uri)
        case "tcp": endpoint = try Self.tcp(rest, of: uri)
        default: throw Self.invalid(uri, "its scheme is neither unix nor tcp")
        }
    }

    /// Names a Unix socket by its absolute path.
    ///
    /// - Throws: ``WorkloadAPIError`` with code `invalidAddress` when no socket can have the path.
    public init(unixSocketPath path: String) throws(WorkloadAPIError) {
        try Self.checkPath(path, of: "unix:" + path)
        endpoint = .unix(path: path)
    }

    /// Reads the address that the environment names.
    ///
    /// - Throws: ``WorkloadAPIError`` with code `noAddress` when it names none, else `invalidAddress`.
    public static func fromEnvironment(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(WorkloadAPIError) -> WorkloadAPIAddress {
        guard let uri = environment[environmentVariable] else {
            throw WorkloadAPIError(
                .noAddress,
                "no address of a Workload API: give one, or set \(environmentVariable), for example to "
                    + "unix:///tmp/spire-agent/public/api.sock")
        }
        return try WorkloadAPIAddress(uri)
    }
}

extension WorkloadAPIAddress: CustomStringConvertible {
    /// The address as a URI, though with the path as it is.
    public var description: String {
        switch endpoint {
        case .unix(let path): "unix://\(path)"
        case .tcp(let host, let port, let isIPv6): isIPv6 ? "tcp://[\(host)]:\(port)" : "tcp://\(host):\(port)"
        }
    }
}

// MARK: - Parsing

extension WorkloadAPIAddress {
    private static func invalid(_ uri: String, _ reason: String) -> WorkloadAPIError {
        WorkloadAPIError(
            .invalidAddress,
            "\"\(uri)\" is not an address of a Workload API: \(reason); write unix:///absolute/path or tcp://IP:port")
    }

    private static func unix(_ rest: Substring, of uri: String) throws(WorkloadAPIError) -> Endpoint {
        var path = rest
        if rest.hasPrefix("//") {
            path = rest.dropFirst(2)
            guard path.hasPrefix("/") else {
                throw invalid(uri, path.isEmpty ? "it has no path" : "it must not have an authority before the path")
            }
        }
        guard let decoded = percentDecoded(path) else {
            throw invalid(uri, "its path has characters that have to be percent-encoded, or is not UTF-8")
        }
        try checkPath(decoded, of: uri)
        return .unix(path: decoded)
    }

    private static func checkPath(_ path: String, of uri: String) throws(WorkloadAPIError) {
        guard path.hasPrefix("/"), path != "/" else { throw invalid(uri, "it has no absolute path") }
        guard !path.utf8.contains(0) else { throw invalid(uri, "its path has a zero byte") }
        guard path.utf8.count <= maximumPathLength else {
            throw invalid(uri, "its path is longer than the \(maximumPathLength) bytes that a socket may have")
        }
    }

    private static func tcp(_ rest: Substring, of uri: String) throws(WorkloadAPIError) -> Endpoint {
        guard rest.hasPrefix("//") else { throw invalid(uri, "it has no host") }
        let authority = rest.dropFirst(2)
        guard !authority.contains("@") else { throw invalid(uri, "it must not have user information") }
        guard !authority.contains("/") else { throw invalid(uri, "it must not have a path") }
        guard let colon = authority.lastIndex(of: ":"), let port = port(authority[authority.index(after: colon)...])
        else {
            throw invalid(uri, "it has no port from 1 to 65535")
        }
        let host = authority[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            let address = String(host.dropFirst().dropLast())
            guard !address.contains("%"), case .v6? = try? SocketAddress(ipAddress: address, port: port) else {
                throw invalid(uri, "its host is not an IP address")
            }
            return .tcp(host: address, port: port, isIPv6: true)
        }
        guard isIPv4(host) else { throw invalid(uri, "its host is not an IP address") }
        return .tcp(host: String(host), port: port, isIPv6: false)
    }

    private static func port(_ text: Substring) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy(isDigit), let port = Int(text) else { return nil }
        return (1...65535).contains(port) ? port : nil
    }

    /// Four decimal parts without leading zeros (decision D-23).
    private static func isIPv4(_ host: Substring) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                (1...3).contains(part.utf8.count) && part.utf8.allSatisfy(isDigit) && UInt8(part) != nil
                    && (part == "0" || !part.hasPrefix("0"))
            }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// `nil` when the text is not a path by RFC 3986 or its bytes are not UTF-8.
    private static func percentDecoded(_ path: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = path.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            } else {
                guard isPathCharacter(byte) else { return nil }
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        Character(UnicodeScalar(byte)).hexDigitValue.map { UInt8($0) }
    }

    private static func isPathCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~!$&'()*+,;=:@/".utf8.contains(byte)
        }
    }
}
