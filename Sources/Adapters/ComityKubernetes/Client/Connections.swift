// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import Synchronization

/// The open connections to an API server: a new set when authorities or client certificate are renewed; the old one is
/// closed once nothing uses it.
final class Connections: Sendable {
    private struct Pool {
        let material: TLSMaterial
        let client: HTTPClient
        var uses = 0
        var isRetired = false
    }

    private struct State {
        var pools: [Int: Pool] = [:]
        var current: Int?
        var next = 0
        var isShutDown = false
    }

    private let address: ServerAddress
    private let silence: Duration
    private let state = Mutex(State())

    /// - Parameter silence: How long an answer may say nothing.
    init(_ address: ServerAddress, silence: Duration) {
        self.address = address
        self.silence = silence
    }

    func use<Result: Sendable>(
        _ material: TLSMaterial, _ body: (HTTPClient) async throws(KubernetesError) -> Result
    ) async throws(KubernetesError) -> Result {
        let (id, client) = try take(material)
        do throws(KubernetesError) {
            let result = try await body(client)
            await giveBack(id)
            return result
        } catch {
            await giveBack(id)
            throw error
        }
    }

    /// Ends all requests.
    func shutdown() async {
        let clients = state.withLock { state in
            defer { state.pools = [:] }
            state.isShutDown = true
            return state.pools.values.map(\.client)
        }
        for client in clients { try? await client.shutdown() }
    }

    private func take(_ material: TLSMaterial) throws(KubernetesError) -> (Int, HTTPClient) {
        let (taken, idle) = try state.withLock { state throws(KubernetesError) -> ((Int, HTTPClient), HTTPClient?) in
            guard !state.isShutDown else { throw APIRequest.failure("the client has been shut down") }
            if let id = state.current, let pool = state.pools[id], pool.material == material {
                state.pools[id]?.uses += 1
                return ((id, pool.client), nil)
            }
            let client = try makeClient(material)
            let idle = state.current.flatMap { Self.retire($0, &state) }
            let id = state.next
            state.next += 1
            state.pools[id] = Pool(material: material, client: client, uses: 1)
            state.current = id
            return ((id, client), idle)
        }
        // Nobody uses it, so nothing waits for its end.
        idle?.shutdown { _ in }
        return taken
    }

    private func giveBack(_ id: Int) async {
        let idle = state.withLock { state -> HTTPClient? in
            state.pools[id]?.uses -= 1
            guard let pool = state.pools[id], pool.isRetired, pool.uses == 0 else { return nil }
            state.pools[id] = nil
            return pool.client
        }
        try? await idle?.shutdown()
    }

    private static func retire(_ id: Int, _ state: inout State) -> HTTPClient? {
        state.pools[id]?.isRetired = true
        guard let pool = state.pools[id], pool.uses == 0 else { return nil }
        state.pools[id] = nil
        return pool.client
    }

    private func makeClient(_ material: TLSMaterial) throws(KubernetesError) -> HTTPClient {
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: try material.tlsConfiguration(), redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10), read: TimeAmount(silence)))
        configuration.httpVersion = .http1Only
        configuration.connectionPool.retryConnectionEstablishment = false
        // Each watch has a connection to itself.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        configuration.connectionPool.idleTimeout = .seconds(30)
        if let name = address.tlsServerName { configuration.dnsOverride[name] = address.host }
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }
}
