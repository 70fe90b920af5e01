// SPDX-License-Identifier: Apache-2.0

/// The hosts that no proxy is asked for: those of `NO_PROXY`, and this machine.
///
/// The list has commas between `*` (all), networks such as `10.0.0.0/8`, IP addresses, and names. `example.org` stands
/// for itself and what is below it, `.example.org` and `*.example.org` for what is below it. A port limits an entry.
struct ProxyExceptions: Sendable {
    private enum Rule: Sendable {
        case everything
        case network([UInt8], prefix: Int)
        case address([UInt8], port: Int?)
        case name(String, withItself: Bool, port: Int?)
    }

    private let rules: [Rule]

    init(_ list: String) {
        rules = list.split(separator: ",").compactMap { Self.rule(Self.trim($0).lowercased()) }
    }

    func contain(host: String, port: Int) -> Bool {
        let host = Self.trim(host[...]).lowercased()
        let address = IPAddressBytes.parse(host)
        if host == "localhost" || address.map(IPAddressBytes.isLoopback) == true { return true }
        return rules.contains { rule in
            switch rule {
            case .everything: true
            case .network(let network, let prefix):
                address.map { IPAddressBytes.matches($0, network, prefix: prefix) } ?? false
            case .address(let other, let only): other == address && (only ?? port) == port
            case .name(let name, let withItself, let only):
                (host.hasSuffix("." + name) || (withItself && host == name)) && (only ?? port) == port
            }
        }
    }

    private static func rule(_ text: String) -> Rule? {
        if text == "*" { return .everything }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, let network = IPAddressBytes.parse(parts[0]), let prefix = Int(parts[1]),
            (0...network.count * 8).contains(prefix)
        {
            return .network(network, prefix: prefix)
        }
        let (host, port) = split(text)
        if let address = IPAddressBytes.parse(host) { return .address(address, port: port) }
        let name = host.hasPrefix("*.") ? host.dropFirst(2) : host.hasPrefix(".") ? host.dropFirst() : host
        return name.isEmpty ? nil : .name(String(name), withItself: name == host, port: port)
    }

    /// Host and port of `host:port`, `[address]:port` or either without the port.
    private static func split(_ text: String) -> (host: Substring, port: Int?) {
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            let rest = text[end...].dropFirst()
            return (text[..<end].dropFirst(), rest.hasPrefix(":") ? Int(rest.dropFirst()) : nil)
        }
        guard let colon = text.lastIndex(of: ":"), colon == text.firstIndex(of: ":"),
            let port = Int(text[colon...].dropFirst())
        else { return (text[...], nil) }
        return (text[..<colon], port)
    }

    private static func trim(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
