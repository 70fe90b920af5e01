// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTransport
import NIOCore

/// Asks a proxy for a tunnel to the endpoint, and gives way once there is one.
final class ProxyTunnelHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What a proxy may say before the empty line.
    private static let maximumHeadBytes = 16 * 1024

    private let proxy: ProxyServer
    private let url: BundleEndpointURL
    private let outcome: ExchangeOutcome
    private let onTunnel: (any Channel) -> Void
    private var received: [UInt8] = []
    private var isOpen = false

    /// - Parameter onTunnel: Called on the channel's event loop; what is written from then on goes to the endpoint.
    init(
        proxy: ProxyServer, url: BundleEndpointURL, outcome: ExchangeOutcome,
        onTunnel: @escaping (any Channel) -> Void
    ) {
        self.proxy = proxy
        self.url = url
        self.outcome = outcome
        self.onTunnel = onTunnel
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let host = url.host.contains(":") ? "[\(url.host)]" : url.host
        // A redirect chooses the name: nothing in it may end the line.
        guard host.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            fail(.connect, "host name has characters that cannot be sent to a proxy")
            return
        }
        let target = "\(host):\(url.port)"
        var lines = ["CONNECT \(target) HTTP/1.1", "Host: \(target)", "User-Agent: comity"]
        if let authorization = proxy.authorization { lines.append("Proxy-Authorization: \(authorization)") }
        let request = (lines + ["", ""]).joined(separator: "\r\n")
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // The endpoint speaks only after our TLS greeting, which is not sent yet: all of this is the proxy's.
        received += unwrapInboundIn(data).readableBytesView
        guard !isOpen else { return }
        guard let head = head() else {
            if received.count > Self.maximumHeadBytes { fail(.connect, "answer has no end") }
            return
        }
        let words = head.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        guard words.count == 2, words[0].hasPrefix("HTTP/1.") else {
            fail(.connect, "answer is not HTTP: \(ForeignText(head))")
            return
        }
        guard words[1].hasPrefix("200") else {
            fail(.connect, "tunnel to \(url.host):\(url.port) refused: \(ForeignText(String(words[1])))")
            return
        }
        isOpen = true
        let channel = context.channel
        onTunnel(channel)
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.connect, "connection closed before the tunnel was open")
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        fail(.connect, ConnectionFailure(error).reason)
        context.close(promise: nil)
    }

    /// The status line, once the whole head is there.
    private func head() -> String? {
        let text = String(decoding: received, as: UTF8.self)
        guard text.contains("\r\n\r\n") || text.contains("\n\n") else { return nil }
        return text.split(whereSeparator: \.isNewline).first.map(String.init)
    }

    private func fail(_ class: FederationFailure.Class, _ reason: String) {
        outcome.settle(.failure(.transport(`class`, url, "proxy \(proxy): \(reason)")))
    }
}
