// SPDX-License-Identifier: Apache-2.0

import ComityTransport
import HummingbirdCore
import HummingbirdHTTP2
import Logging
import NIOCore
import NIOSSL
import NIOTLS

/// One connection of the endpoint: TLS with the certificate of the moment, then HTTP/1.1 or HTTP/2 as the client likes.
///
/// Each connection has a TLS context of its own, so the certificate rotates from one handshake to the next.
struct EndpointChannel: ServerChildChannel {
    enum Negotiated: Sendable {
        case http1(HTTP1Channel.Value)
        case http2(HTTP2Channel.Value)
    }

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let negotiated: EventLoopFuture<Negotiated>
    }

    /// How long an HTTP/2 connection lives at most, in request timeouts.
    private static let lifetimeInTimeouts = 6

    private let certificate: any EndpointCertificate
    private let timeout: TimeAmount
    private let http1: HTTP1Channel
    private let http2: HTTP2Channel

    init(
        certificate: any EndpointCertificate, limits: EndpointLimits,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        self.certificate = certificate
        let timeout = TimeAmount(limits.requestTimeout)
        self.timeout = timeout
        let requests = HTTP1Channel.Configuration(
            additionalChannelHandlers: [RequestDeadlineHandler(timeout: timeout)],
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: limits.maximumHeaderBytes, maxHeaderListSize: limits.maximumHeaderBytes,
                maxHeaderFieldCount: limits.maximumHeaderFields))
        http1 = HTTP1Channel(responder: responder, configuration: requests)
        http2 = HTTP2Channel(
            responder: responder,
            configuration: HTTP2ChannelConfiguration(
                idleTimeout: limits.requestTimeout, gracefulCloseTimeout: .seconds(1), streamConfiguration: requests))
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let context = try NIOSSLContext(configuration: try certificate.current().tlsConfiguration())
            let negotiation = NIOTypedApplicationProtocolNegotiationHandler<Negotiated> { result in
                switch result {
                case .negotiated("h2"):
                    limitAge(of: channel)
                    return http2.setup(channel: channel, logger: logger).map { .http2($0) }
                case .negotiated, .fallback:
                    return http1.setup(channel: channel, logger: logger).map { .http1($0) }
                }
            }
            try channel.pipeline.syncOperations.addHandlers([NIOSSLServerHandler(context: context), negotiation])
            limitHandshake(of: channel, negotiation.protocolNegotiationResult)
            return Value(channel: channel, negotiated: negotiation.protocolNegotiationResult)
        }.flatMapErrorThrowing { error in
            // Nobody else would close a connection that was never set up.
            channel.close(promise: nil)
            throw error
        }
    }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(EventLoopExecutor(value.channel.eventLoop)) {
            await answer(value, logger: logger)
        }
    }

    private func answer(_ value: Value, logger: Logger) async {
        do {
            switch try await value.negotiated.get() {
            case .http1(let channel): await http1.handle(value: channel, logger: logger)
            case .http2(let channel): await http2.handle(value: channel, logger: logger)
            }
        } catch {
            logger.debug("TLS handshake failed", metadata: ["error": "\(error)"])
        }
    }

    /// An HTTP/2 connection that is told to go away waits for the client's answer, for ever if need be.
    private func limitAge(of channel: any Channel) {
        let timer = channel.eventLoop.scheduleTask(in: timeout * Self.lifetimeInTimeouts) {
            channel.close(promise: nil)
        }
        channel.closeFuture.whenComplete { _ in timer.cancel() }
    }

    private func limitHandshake(of channel: any Channel, _ negotiated: EventLoopFuture<Negotiated>) {
        let timer = channel.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
        negotiated.whenComplete { _ in timer.cancel() }
    }
}
