// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import SPIFFE
import SPIFFEWorkloadAPI

/// Answers the requests of one connection of the ``WorkloadServer``.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    /// The path for which a certificate is enough.
    static let certificatePath = "/mtls"
    /// Where the server proves itself by a token of its own.
    static let serverToken = "Server-Authorization"

    private let rule: BearerRule
    private let ledger: WorkloadLedger
    private var request: HTTPRequestHead?
    private var hasFailed = false

    init(rule: BearerRule, ledger: WorkloadLedger) {
        self.rule = rule
        self.ledger = ledger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): request = head
        case .body: break
        case .end:
            guard let request else { return }
            self.request = nil
            answer(request, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // After the handshake it is only a client that went away.
        if !hasFailed, peer(context) == nil {
            hasFailed = true
            let remote = context.remoteAddress.map { "\($0.ipAddress ?? ""):\($0.port ?? 0)" } ?? "unknown"
            WorkloadLedger.log("TLS handshake error from \(remote): \(Self.describe(error))")
            ledger.update { $0.failedHandshakes += 1 }
        }
        context.close(promise: nil)
    }

    private func answer(_ request: HTTPRequestHead, _ context: ChannelHandlerContext) {
        guard let peer = peer(context) else {
            context.close(promise: nil)
            return
        }
        guard request.uri != Self.certificatePath else {
            respond(.ok, "Hello \(peer.id)\n", context)
            return
        }
        guard let caller = rule.caller(authorization: request.headers.first(name: "Authorization")) else {
            respond(.unauthorized, BearerRule.refusal, context)
            return
        }
        let keys = rule.keys
        let proof = context.eventLoop.makeFutureWithTask { try await keys.fetch(audience: [caller.id.uri]) }
        let context = NIOLoopBound(context, eventLoop: context.eventLoop)
        let handler = NIOLoopBound(self, eventLoop: context.eventLoop)
        proof.whenComplete { result in
            switch result {
            case .success(let token): handler.value.greet(caller, peer, token, context.value)
            case .failure(let error):
                handler.value.ledger.failed(error)
                handler.value.respond(.internalServerError, "no token of our own", context.value)
            }
        }
    }

    private func greet(_ caller: JWTSVID, _ peer: X509SVID, _ proof: JWTCredential, _ context: ChannelHandlerContext) {
        ledger.succeeded(peer: peer, token: caller)
        let headers: HTTPHeaders = [Self.serverToken: BearerAuthorization.value(for: proof.token)]
        respond(.ok, "Hello \(caller.id)\n", headers: headers, context)
    }

    private func respond(
        _ status: HTTPResponseStatus, _ body: String, headers extra: HTTPHeaders = [:], _ context: ChannelHandlerContext
    ) {
        var headers: HTTPHeaders = [
            "Content-Type": "text/plain; charset=utf-8", "Content-Length": "\(body.utf8.count)",
        ]
        headers.add(contentsOf: extra)
        let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    private func peer(_ context: ChannelHandlerContext) -> X509SVID? {
        (try? context.pipeline.syncOperations.handler(type: VerifiedPeerHandler.self))?.peer
    }

    /// In the words of other TLS servers where a client refused us.
    private static func describe(_ error: any Error) -> String {
        let text = "\(error)"
        let isRefusal = text.contains("ALERT_BAD_CERTIFICATE") || text.contains("ALERT_CERTIFICATE_UNKNOWN")
        return isRefusal ? "remote error: tls: bad certificate" : text
    }
}
