// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import ComityAttestation
import NIOCore
import NIOHTTP1
import SPIFFE
import Synchronization

/// Asks a daemon that speaks Docker's API, over its Unix socket.
final class DockerClient: Sendable {
    private static let timeout: TimeAmount = .seconds(10)
    private static let maximumSize = 4 << 20
    /// The newest version whose answers are known here, and the one of daemons that do not name theirs.
    private static let newestVersion = [1, 47]
    private static let unnamedVersion = [1, 24]

    private let socketPath: String
    private let version: Mutex<String?>

    /// - Parameter version: `nil` agrees on one with the daemon.
    init(socketPath: String, version: String?) {
        self.socketPath = socketPath
        self.version = Mutex(version)
    }

    func container(_ id: String) async throws -> DockerContainer {
        let version = try await agreedVersion()
        let (status, _, body) = try await get("/v\(version)/containers/\(id)/json")
        let answer: JSONValue
        do throws(SPIFFEError) {
            answer = try JSONValue(parsing: body, maximumBytes: Self.maximumSize)
        } catch {
            throw AttestationError(.unavailable, "\(socketPath) answers \(status) without JSON")
        }
        guard status == 200 else {
            throw AttestationError(
                .unavailable, "\(socketPath) answers \(status): \((answer["message"]?.string ?? "no reason").quoted)")
        }
        return DockerContainer(answer)
    }

    private func agreedVersion() async throws -> String {
        if let known = version.withLock({ $0 }) { return known }
        let (_, headers, _) = try await get("/_ping")
        let named = headers.first(name: "API-Version").map { text in text.split(separator: ".").compactMap { Int($0) } }
        let theirs = named.flatMap { $0.count == 2 ? $0 : nil } ?? Self.unnamedVersion
        let common = theirs.lexicographicallyPrecedes(Self.newestVersion) ? theirs : Self.newestVersion
        let agreed = common.map { String($0) }.joined(separator: ".")
        version.withLock { $0 = agreed }
        return agreed
    }

    private func get(_ target: String) async throws -> (status: Int, headers: HTTPHeaders, body: [UInt8]) {
        do {
            return try await HTTPClient.scoped { [socketPath] client in
                let request = HTTPClientRequest(url: "http+unix://\(socketPath.percentEncoded)\(target)")
                let response = try await client.execute(request, timeout: Self.timeout)
                let body = try await response.body.collect(upTo: Self.maximumSize)
                return (Int(response.status.code), response.headers, Array(buffer: body))
            }
        } catch {
            throw AttestationError(.unavailable, "cannot ask \(socketPath)", cause: error)
        }
    }
}
