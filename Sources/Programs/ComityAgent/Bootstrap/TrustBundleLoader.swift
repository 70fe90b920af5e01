// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import ComityAttestors
import ComityAuthority
import ComityKeys
import NIOCore
import NIOHTTP1
package import NIOSSL
package import SPIFFE
import SPIFFEWorkloadAPI

/// Gets the bundle to trust the server by for the first time.
package struct TrustBundleLoader: Sendable {
    private static let deadline: TimeAmount = .seconds(30)

    private let source: TrustBundleSource
    private let trustDomain: TrustDomain
    private let trustRoots: NIOSSLTrustRoots

    /// - Parameter trustRoots: By whom the server of an URL is believed.
    package init(source: TrustBundleSource, trustDomain: TrustDomain, trustRoots: NIOSSLTrustRoots = .default) {
        self.source = source
        self.trustDomain = trustDomain
        self.trustRoots = trustRoots
    }

    /// `nil` when any server is to be believed.
    ///
    /// - Throws: ``AgentError`` with code `bootstrap`.
    package func load(_ attempt: BootstrapAttempt = BootstrapAttempt()) async throws(AgentError) -> SPIFFEBundle? {
        switch source {
        case .insecure: nil
        case .file(let path, let format): try parse(try read(path), format, from: "file \"\(path)\"")
        case .url(let url, let format): try parse(try await fetch(url), format, from: "URL \"\(url)\"")
        case .unixSocket(let path, let url, let format):
            try parse(try await fetch(url, socket: path, attempt), format, from: "URL \"\(url)\" at socket \"\(path)\"")
        case .workloadAPI(let address): try await bundle(ofWorkloadAPI: address)
        }
    }

    private func parse(_ content: [UInt8], _ format: BundleFormat, from place: String) throws(AgentError)
        -> SPIFFEBundle
    {
        let bundle: SPIFFEBundle
        do throws(SPIFFEError) {
            bundle = try BundleDocument(parsing: content, format: format, trustDomain: trustDomain).bundle
        } catch {
            throw AgentError(
                .bootstrap, "trust bundle from \(place) is no bundle in format \"\(format)\" (trust_bundle_format)",
                cause: error)
        }
        guard !bundle.x509Authorities.isEmpty else {
            throw AgentError(.bootstrap, "trust bundle from \(place) has no X.509 authority")
        }
        return bundle
    }

    private func read(_ path: String) throws(AgentError) -> [UInt8] {
        do throws(AuthorityError) {
            let file = PrivateFile(path: path, kind: "trust bundle")
            guard let content = try file.read(atMost: SPIFFEBundle.maximumDocumentSize) else {
                throw AuthorityError(.keyStorage, "trust bundle \"\(path)\" does not exist; set trust_bundle_path")
            }
            return content
        } catch {
            throw AgentError(.bootstrap, error.message, cause: error.cause)
        }
    }

    private func fetch(_ url: String) async throws(AgentError) -> [UInt8] {
        guard url.utf8.starts(with: "https://".utf8) else {
            throw AgentError(.bootstrap, "trust_bundle_url \"\(url)\" must begin with https://")
        }
        return try await fetch(url, named: url)
    }

    /// - Parameter url: Of scheme `http`.
    private func fetch(
        _ url: String, socket: String, _ attempt: BootstrapAttempt
    ) async throws(AgentError) -> [UInt8] {
        let query = attempt.query(trustDomain: trustDomain.name).map { "\($0.name)=\($0.value.percentEncoded)" }
        let rest = url.dropFirst("http://".count)
        let path = rest.firstIndex { $0 == "/" || $0 == "?" }.map { String(rest[$0...]) } ?? "/"
        let separator = path.contains("?") ? "&" : "?"
        let target =
            "http+unix://\(socket.percentEncoded)\(path.hasPrefix("?") ? "/" : "")\(path)\(separator)"
            + query.joined(separator: "&")
        return try await fetch(target, named: url)
    }

    private func bundle(ofWorkloadAPI address: String) async throws(AgentError) -> SPIFFEBundle {
        let bundles: BundleSet
        do {
            bundles = try await WorkloadAPIClient(address: try WorkloadAPIAddress(address)).fetchX509Bundles()
        } catch {
            throw AgentError(.bootstrap, "unable to fetch trust bundle from Workload API \"\(address)\"", cause: error)
        }
        guard let bundle = bundles[trustDomain] else {
            throw AgentError(
                .bootstrap, "Workload API \"\(address)\" has no bundle of trust domain \"\(trustDomain)\"")
        }
        return bundle
    }

    private func fetch(_ url: String, named name: String) async throws(AgentError) -> [UInt8] {
        do {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = trustRoots
            return try await HTTPClient.scoped {
                $0.tlsConfiguration = tls
            } _: { client in
                let response = try await client.execute(HTTPClientRequest(url: url), timeout: Self.deadline)
                guard response.status == .ok else {
                    throw AgentError(.bootstrap, "server answered \(response.status.code) instead of 200")
                }
                return Array(buffer: try await response.body.collect(upTo: SPIFFEBundle.maximumDocumentSize))
            }
        } catch {
            throw AgentError(.bootstrap, "unable to fetch trust bundle URL \"\(name)\"", cause: error)
        }
    }
}
