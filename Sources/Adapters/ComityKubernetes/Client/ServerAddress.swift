// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// Where requests go.
struct ServerAddress: Sendable {
    /// As the user wrote it, for messages.
    let name: String
    let host: String
    /// The name that certificates are checked against instead of the host's.
    let tlsServerName: String?
    private let base: URLComponents

    init(_ configuration: ClusterConfiguration) throws(KubernetesError) {
        name = configuration.server
        guard
            var components = URLComponents(string: configuration.server), let host = components.host, !host.isEmpty,
            components.scheme == "https" || components.scheme == "http", components.user == nil,
            components.query == nil
        else {
            throw KubernetesError(
                status: nil, reason: KubernetesError.Reason.configuration,
                "server \(configuration.server.quoted) is no URL of the form https://host:port")
        }
        if components.scheme == "http", configuration.credential != .anonymous {
            throw KubernetesError(
                status: nil, reason: KubernetesError.Reason.configuration,
                "server \(configuration.server.quoted) is without TLS and would see the credential; use https")
        }
        // An IPv6 address stands in brackets in an URL only.
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        tlsServerName = configuration.tlsServerName
        if let tlsServerName { components.host = tlsServerName }
        while components.path.hasSuffix("/") { components.path.removeLast() }
        base = components
    }

    /// - Parameter path: Its segments have been looked at.
    func url(_ path: String, _ query: [QueryItem]) -> String {
        var components = base
        components.path += path
        if !query.isEmpty {
            components.queryItems = query.map { URLQueryItem(name: $0.name, value: $0.value) }
            // Left as it is by the standard for URLs, read as a space by Go.
            components.percentEncodedQuery = components.percentEncodedQuery.map { query in
                query.split(separator: "+", omittingEmptySubsequences: false).joined(separator: "%2B")
            }
        }
        return components.string ?? name
    }
}
