// SPDX-License-Identifier: Apache-2.0

import ComityBundleEndpoint
import NIOCore
import NIOPosix
import NIOSSL
import Testing

/// Clients that hold a connection without using it are sent away.
@Suite(.timeLimit(.minutes(1))) struct SlowClientTests {
    private let fixture: EndpointFixture
    private let limits: EndpointLimits

    init() throws {
        fixture = try EndpointFixture()
        var limits = EndpointLimits()
        limits.requestTimeout = .milliseconds(300)
        self.limits = limits
    }

    @Test func silenceInTheHandshakeIsEnded() async throws {
        try await fixture.serve(limits: limits) { port in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            try await waitForClose(of: channel)
        }
    }

    @Test(
        arguments: [
            // Nothing at all, a head that never ends, an answered request and nothing after it.
            ("http/1.1", "", ""), ("http/1.1", "GET / HTTP/1.1\r\nX: ", "x"),
            ("http/1.1", "GET / HTTP/1.1\r\nHost: x\r\n\r\n", ""),
            ("h2", "", ""), ("h2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ""),
        ])
    func slowRequestIsEnded(alpn: String, first: String, drip: String) async throws {
        try await fixture.serve(limits: limits) { port in
            let channel = try await connect(port, alpn: alpn)
            channel.writeAndFlush(ByteBuffer(string: first), promise: nil)
            let dripping = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(20)) { _ in
                channel.writeAndFlush(ByteBuffer(string: drip), promise: nil)
            }
            defer { dripping.cancel() }
            try await waitForClose(of: channel)
        }
    }

    /// Ends with the test's time limit, too.
    private func waitForClose(of channel: any Channel) async throws {
        try await withTaskCancellationHandler {
            try await channel.closeFuture.get()
        } onCancel: {
            channel.close(promise: nil)
        }
    }

    private func connect(_ port: Int, alpn: String) async throws -> any Channel {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.applicationProtocols = [alpn]
        let context = try NIOSSLContext(configuration: configuration)
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: nil))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }
}
