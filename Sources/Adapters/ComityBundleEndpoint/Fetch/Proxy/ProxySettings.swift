// SPDX-License-Identifier: Apache-2.0

import ComityRegistry

/// Which proxy a fetch goes through, read from the environment as Go's programs do, SPIRE among them.
///
/// - `HTTPS_PROXY`, or else `https_proxy`: the proxy, `http://` or `https://`, with or without user and password.
/// - `NO_PROXY`, or else `no_proxy`: the hosts that are reached directly. The own machine always is.
package struct ProxySettings: Sendable {
    private enum Server: Sendable {
        case none, unusable
        case proxy(ProxyServer)
    }

    private let server: Server
    private let exceptions: ProxyExceptions

    package init(environment: [String: String] = [:]) {
        func value(_ name: String) -> String {
            [name, name.lowercased()].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        }
        let address = value("HTTPS_PROXY")
        server = address.isEmpty ? .none : ProxyServer(address).map { .proxy($0) } ?? .unusable
        exceptions = ProxyExceptions(value("NO_PROXY"))
    }

    /// The proxy for an endpoint; `nil` when that is reached directly.
    func proxy(for url: BundleEndpointURL) throws(FederationFailure) -> ProxyServer? {
        if case .none = server { return nil }
        guard !exceptions.contain(host: url.host, port: url.port) else { return nil }
        guard case .proxy(let proxy) = server else {
            // The value is not shown: it may hold a password.
            throw .transport(
                .connect, url,
                "HTTPS_PROXY has to be http://HOST:PORT or https://HOST:PORT; mend it, or name the host in NO_PROXY")
        }
        return proxy
    }
}
