// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Where a bundle endpoint is: an `https` URL with host and without user info (Federation §5.2.1.1).
package struct BundleEndpointURL: Hashable, Sendable {
    /// The longest URL that is accepted, in bytes.
    private static let maximumLength = 8192

    private let url: URL
    /// Without the brackets of an IPv6 address.
    package let host: String
    package let port: Int
    /// Path and query, as the request line has them.
    package let target: String

    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ text: String) throws(RegistryError) {
        guard text.utf8.count <= Self.maximumLength, let url = URL(string: text, encodingInvalidCharacters: false)
        else {
            throw RegistryError(.invalidArgument, "bundle endpoint URL is not a URL")
        }
        try self.init(url)
    }

    /// The URL that a redirect of this one leads to; `location` may be relative.
    ///
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package func redirected(to location: String) throws(RegistryError) -> BundleEndpointURL {
        guard location.utf8.count <= Self.maximumLength,
            let next = URL(string: location, relativeTo: url)
        else {
            throw RegistryError(.invalidArgument, "bundle endpoint URL is not a URL")
        }
        return try BundleEndpointURL(next.absoluteURL)
    }

    private init(_ url: URL) throws(RegistryError) {
        guard url.scheme?.lowercased() == "https" else {
            throw RegistryError(.invalidArgument, "bundle endpoint URL must use the https scheme")
        }
        guard url.user == nil, url.password == nil else {
            throw RegistryError(.invalidArgument, "bundle endpoint URL must not contain user info")
        }
        guard let host = url.host(percentEncoded: false), !host.isEmpty else {
            throw RegistryError(.invalidArgument, "bundle endpoint URL must specify the host")
        }
        let port = url.port ?? 443
        guard (1...65535).contains(port) else {
            throw RegistryError(.invalidArgument, "bundle endpoint URL must have a port from 1 to 65535")
        }
        self.url = url
        self.host = host
        self.port = port
        let path = url.path(percentEncoded: true)
        target = (path.isEmpty ? "/" : path) + (url.query(percentEncoded: true).map { "?\($0)" } ?? "")
    }

    /// What the `Host` header says.
    package var authority: String {
        let name = host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host
        return port == 443 ? name : "\(name):\(port)"
    }
}

extension BundleEndpointURL: CustomStringConvertible {
    package var description: String { url.absoluteString }
}
