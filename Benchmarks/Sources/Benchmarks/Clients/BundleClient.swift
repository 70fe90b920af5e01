// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

/// A partner at the server's bundle endpoint.
struct BundleClient: Sendable {
    enum Version: Sendable {
        case http1, http2
    }

    private let client: HTTPClient
    private let request: HTTPClientRequest

    /// - Parameter keepsConnections: Whether a connection serves more than one request.
    static func with<Result>(
        _ domain: Domain, _ version: Version = .http1, keepsConnections: Bool = true,
        _ body: (BundleClient) async throws -> Result
    ) async throws -> Result {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
        configuration.httpVersion = version == .http1 ? .http1Only : .automatic
        var request = HTTPClientRequest(url: domain.bundleURL)
        if !keepsConnections { request.headers.add(name: "Connection", value: "close") }
        let client = HTTPClient(configuration: configuration)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(try await body(BundleClient(client: client, request: request)))
        } catch {
            outcome = .failure(error)
        }
        try await client.shutdown()
        return try outcome.get()
    }

    func get() async throws {
        let response = try await client.execute(request, timeout: .seconds(10))
        let body = try await response.body.collect(upTo: 1 << 20)
        guard response.status == .ok, body.readableBytes > 0 else {
            throw BenchmarkError("the bundle endpoint answered \(response.status)")
        }
    }
}
