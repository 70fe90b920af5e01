// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A proxy that tunnels connections by `CONNECT`.
///
/// Its text is where it is, never the password.
struct ProxyServer: Hashable, Sendable {
    /// Whether the proxy itself is spoken to by TLS.
    let usesTLS: Bool
    let host: String
    let port: Int
    /// The value of `Proxy-Authorization`; a secret.
    let authorization: String?

    /// Reads `http://user:password@host:port`; without a scheme it is `http`.
    ///
    /// - Returns: `nil` unless it is the address of an HTTP or HTTPS proxy.
    init?(_ text: String) {
        let text = text.contains("://") ? text : "http://\(text)"
        guard let url = URL(string: text, encodingInvalidCharacters: false),
            let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = url.host(percentEncoded: false), !host.isEmpty
        else { return nil }
        usesTLS = scheme == "https"
        port = url.port ?? (usesTLS ? 443 : 80)
        guard (1...65535).contains(port) else { return nil }
        self.host = host
        authorization = url.user(percentEncoded: false).map { user in
            let password = url.password(percentEncoded: false) ?? ""
            return "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
        }
    }
}

extension ProxyServer: CustomStringConvertible {
    var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
