// SPDX-License-Identifier: Apache-2.0

package import NIOCore
import NIOPosix
package import NIOSSL
import Synchronization

/// An HTTPS server on the loopback interface that does exactly what it is told, however wrong.
///
/// ```swift
/// try await ScriptedEndpoint.with(try ca.leaf("/spire/server"), { _ in [.send("HTTP/1.1 200 OK\r\n"), .hang] }) { endpoint in
///     try await client.get("https://127.0.0.1:\(endpoint.port)")
/// }
/// ```
package struct ScriptedEndpoint: Sendable {
    package enum Step: Sendable {
        case send(String)
        case sendBytes([UInt8])
        /// Sends the text over and over, with pauses, until the client goes away.
        case drip(String, every: TimeAmount)
        /// Leaves the connection open and silent.
        case hang
        case close
    }

    /// What to do for a request, given its target, such as `/bundle?x=1`.
    package typealias Script = @Sendable (_ target: String) -> [Step]

    package let port: Int
    private let log: RequestLog

    package var url: String { "https://127.0.0.1:\(port)" }

    /// The request heads received so far, each as it came.
    package var requests: [String] { log.requests }

    /// Serves while the body runs.
    package static func with<Result>(
        _ identity: TestSVID, _ script: @escaping Script, _ body: (ScriptedEndpoint) async throws -> Result
    ) async throws -> Result {
        let log = RequestLog()
        let context = try NIOSSLContext(configuration: try identity.serverTLSConfiguration())
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        NIOSSLServerHandler(context: context), ScriptHandler(script: script, log: log),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        defer { channel.close(promise: nil) }
        return try await body(ScriptedEndpoint(port: channel.localAddress?.port ?? 0, log: log))
    }

    /// The same without TLS on a Unix socket.
    package static func with<Result>(
        socket path: String, _ script: @escaping Script, _ body: (ScriptedEndpoint) async throws -> Result
    ) async throws -> Result {
        let log = RequestLog()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ScriptHandler(script: script, log: log))
                }
            }
            .bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
        defer { channel.close(promise: nil) }
        return try await body(ScriptedEndpoint(port: 0, log: log))
    }

    /// Accepts connections and says nothing at all, not even in the TLS handshake.
    package static func withSilence<Result>(_ body: (ScriptedEndpoint) async throws -> Result) async throws -> Result {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        defer { channel.close(promise: nil) }
        return try await body(ScriptedEndpoint(port: channel.localAddress?.port ?? 0, log: RequestLog()))
    }
}

extension ScriptedEndpoint.Step {
    /// A correct answer with status 200.
    package static func document(_ body: String) -> ScriptedEndpoint.Step {
        response("200 OK", headers: ["Content-Type: application/json"], body: body)
    }

    package static func response(
        _ status: String, headers: [String] = [], body: String = ""
    ) -> ScriptedEndpoint.Step {
        let lines = ["HTTP/1.1 \(status)"] + headers + ["Content-Length: \(body.utf8.count)", "", body]
        return .send(lines.joined(separator: "\r\n"))
    }

    package static func redirect(to location: String, status: String = "302 Found") -> ScriptedEndpoint.Step {
        response(status, headers: ["Location: \(location)"])
    }
}

extension TestSVID {
    /// For a TLS server that asks for no client certificate.
    package func serverTLSConfiguration() throws -> TLSConfiguration {
        let chain = try derCertificates.map {
            NIOSSLCertificateSource.certificate(try NIOSSLCertificate(bytes: $0, format: .der))
        }
        let key = try NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem)
        return .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
    }
}

/// What the endpoint was asked, in order.
private final class RequestLog: Sendable {
    private let heads = Mutex<[String]>([])

    var requests: [String] { heads.withLock { $0 } }

    func add(_ head: String) { heads.withLock { $0.append(head) } }
}

/// Waits for one request head, then follows the script.
private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let script: ScriptedEndpoint.Script
    private let log: RequestLog
    private var received = ""
    private var hasStarted = false

    init(script: @escaping ScriptedEndpoint.Script, log: RequestLog) {
        self.script = script
        self.log = log
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        guard !hasStarted, received.contains("\r\n\r\n") else { return }
        hasStarted = true
        log.add(received)
        let requestLine = received.split(separator: " ", maxSplits: 2)
        for step in script(requestLine.count > 1 ? String(requestLine[1]) : "") {
            perform(step, on: context.channel)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func perform(_ step: ScriptedEndpoint.Step, on channel: any Channel) {
        switch step {
        case .send(let text): channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
        case .sendBytes(let bytes): channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
        case .drip(let text, let pause):
            let task = channel.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: pause) { _ in
                channel.writeAndFlush(ByteBuffer(string: text), promise: nil)
            }
            channel.closeFuture.whenComplete { _ in task.cancel() }
        case .hang: break
        case .close: channel.close(promise: nil)
        }
    }
}
