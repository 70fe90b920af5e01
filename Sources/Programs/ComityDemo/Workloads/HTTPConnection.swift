// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix
import SPIFFEWorkloadAPI

/// A connection to the ``WorkloadServer``, for one call at a time.
struct HTTPConnection: Sendable {
    private static let callDeadline = TimeAmount.seconds(10)

    let opened: ContinuousClock.Instant
    private let channel: any Channel

    static func open(port: Int, tls: WorkloadTLS) async throws -> HTTPConnection {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandlers(tls.makeClientHandlers())
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(HTTPCallHandler())
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return HTTPConnection(opened: .now, channel: channel)
    }

    func get(_ path: String, authorization: String? = nil) async throws -> HTTPCall.Answer {
        let promise = channel.eventLoop.makePromise(of: HTTPCall.Answer.self)
        let deadline = channel.eventLoop.scheduleTask(in: Self.callDeadline) {
            promise.fail(DemoError(.deadline, "no answer in time"))
        }
        channel.writeAndFlush(HTTPCall(path: path, authorization: authorization, answer: promise), promise: nil)
        defer { deadline.cancel() }
        return try await promise.futureResult.get()
    }

    func close() {
        channel.close(promise: nil)
    }
}
