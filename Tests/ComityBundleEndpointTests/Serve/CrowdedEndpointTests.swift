// SPDX-License-Identifier: Apache-2.0

import ComityBundleEndpoint
import ComityTesting
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization
import Testing

/// More clients than the endpoint has places for.
@Suite(.timeLimit(.minutes(1))) struct CrowdedEndpointTests {
    private typealias Connection = NIOAsyncChannel<ByteBuffer, ByteBuffer>
    private typealias Answers = NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator

    private let fixture: EndpointFixture

    init() throws {
        fixture = try EndpointFixture()
    }

    @Test("who comes when all places are taken waits until one is free, and the others go on")
    func holdsNewcomersBack() async throws {
        var limits = EndpointLimits()
        limits.maximumConnections = 2
        try await fixture.serve(limits: limits) { port in
            let (first, second) = (try await connect(port), try await connect(port))
            let isServed = Flag()
            try await first.executeThenClose { inbound, outbound in
                var answers = inbound.makeAsyncIterator()
                try await ask(outbound, &answers)
                async let served: Void = newcomer(port, isServed, while: second)
                // Long enough for the newcomer to have its answer, if it could have one.
                for _ in 0..<200 { try await ask(outbound, &answers) }
                #expect(!isServed.value)
                second.channel.close(promise: nil)
                try await served
                #expect(isServed.value)
                try await ask(outbound, &answers)
            }
        }
    }

    /// Asks as soon as all places are taken.
    private func newcomer(_ port: Int, _ isServed: Flag, while second: Connection) async throws {
        try await second.executeThenClose { inbound, outbound in
            var answers = inbound.makeAsyncIterator()
            try await ask(outbound, &answers)
            try await connect(port).executeThenClose { inbound, outbound in
                var answers = inbound.makeAsyncIterator()
                try await ask(outbound, &answers)
                isServed.set()
            }
        }
    }

    /// One request that is answered at once, on a connection that stays open.
    private func ask(_ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, _ answers: inout Answers) async throws {
        try await outbound.write(ByteBuffer(string: "GET /none HTTP/1.1\r\nHost: x\r\n\r\n"))
        var text = ""
        while !text.hasSuffix("404 page not found\n") {
            guard let bytes = try await answers.next(isolation: #isolation) else { throw ChannelError.eof }
            text += String(buffer: bytes)
        }
    }

    private final class Flag: Sendable {
        private let state = Atomic(false)

        var value: Bool { state.load(ordering: .sequentiallyConsistent) }

        func set() { state.store(true, ordering: .sequentiallyConsistent) }
    }

    private func connect(_ port: Int) async throws -> Connection {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        let context = try NIOSSLContext(configuration: configuration)
        return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: nil))
                    return try Connection(wrappingChannelSynchronously: channel)
                }
            }
    }
}
