// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Where something is served, as Go writes it: `:8080`, `127.0.0.1:0`, `[::1]:8080`.
package struct BindAddress: Hashable, Sendable, CustomStringConvertible {
    package let host: String
    package let port: Int
    package let description: String

    /// `nil` when the text is no address with a port.
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65535).contains(port)
        else { return nil }
        let host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard isBracketed || !host.contains(":") else { return nil }
        self.host = host.isEmpty ? Self.everyAddress : isBracketed ? String(host.dropFirst().dropLast()) : String(host)
        self.port = port
        description = text
    }

    /// Both families where the machine knows both.
    private static var everyAddress: String {
        let interfaces = FileManager.default.contents(atPath: "/proc/net/if_inet6")
        return interfaces?.isEmpty ?? true ? "0.0.0.0" : "::"
    }
}
