// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTransport
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// One GET on one fresh connection, over by the deadline or at cancellation, whatever the endpoint does.
struct HTTPExchange: Sendable {
    let url: BundleEndpointURL
    /// Asked for a tunnel to the endpoint; `nil` goes there directly.
    let proxy: ProxyServer?
    let proxyRoots: [NIOSSLCertificate]
    let verification: EndpointVerification
    let limits: FetchLimits
    let deadline: NIODeadline

    func perform(on eventLoop: any EventLoop) async throws -> EndpointAnswer {
        let outcome = ExchangeOutcome(eventLoop: eventLoop)
        return try await withTaskCancellationHandler {
            let timer = eventLoop.scheduleTask(deadline: deadline) {
                outcome.settle(.failure(.transport(.timeout, url, "no whole answer within \(limits.deadline)")))
            }
            defer { timer.cancel() }
            connect(on: eventLoop, outcome)
            return try await outcome.response()
        } onCancel: {
            outcome.cancel()
        }
    }

    private func connect(on eventLoop: any EventLoop, _ outcome: ExchangeOutcome) {
        // Looking a name up cannot be interrupted: when the outcome is settled earlier, the connection is closed on arrival.
        ClientBootstrap(group: eventLoop)
            .connectTimeout(TimeAmount(limits.deadline))
            .connect(host: proxy?.host ?? url.host, port: proxy?.port ?? url.port)
            .whenComplete { result in
                switch result {
                case .success(let channel): start(on: channel, outcome)
                case .failure(let error): outcome.settle(.failure(.connecting(to: url, by: proxy, error)))
                }
            }
    }

    /// Runs on the channel's event loop, before anything was read.
    private func start(on channel: any Channel, _ outcome: ExchangeOutcome) {
        guard outcome.opened(channel) else { return }
        guard let proxy else {
            talk(on: channel, outcome)
            return
        }
        setUp(outcome) {
            let pipeline = channel.pipeline.syncOperations
            if proxy.usesTLS {
                let verification = EndpointVerification.web(additionalRoots: proxyRoots)
                try pipeline.addHandler(verification.makeHandler(host: proxy.host) { _ in })
            }
            try pipeline.addHandler(
                ProxyTunnelHandler(proxy: proxy, url: url, outcome: outcome) { talk(on: $0, outcome) })
        }
    }

    /// Speaks with the endpoint itself.
    private func talk(on channel: any Channel, _ outcome: ExchangeOutcome) {
        setUp(outcome) {
            let tls = try verification.makeHandler(host: url.host) { reason in
                outcome.settle(.failure(.transport(.tlsIdentity, url, reason)))
            }
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(tls)
            try pipeline.addHTTPClientHandlers()
            try pipeline.addHandler(
                HTTPExchangeHandler(url: url, maximumBytes: limits.maximumDocumentBytes, outcome: outcome))
        }
    }

    private func setUp(_ outcome: ExchangeOutcome, _ addHandlers: () throws -> Void) {
        do {
            try addHandlers()
        } catch {
            outcome.settle(.failure(.transport(.connect, url, "cannot set up TLS: \(ConnectionFailure(error))")))
        }
    }
}
