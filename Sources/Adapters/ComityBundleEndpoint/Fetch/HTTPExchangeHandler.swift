// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTransport
import NIOCore
import NIOHTTP1
import NIOSSL
import SPIFFE

/// Sends the request and gathers the answer, as much of it as is wanted.
final class HTTPExchangeHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let url: BundleEndpointURL
    private let maximumBytes: Int
    private let outcome: ExchangeOutcome
    private var response: EndpointAnswer?

    init(url: BundleEndpointURL, maximumBytes: Int, outcome: ExchangeOutcome) {
        self.url = url
        self.maximumBytes = maximumBytes
        self.outcome = outcome
    }

    /// The request waits in the TLS handler until the endpoint has proven itself.
    func handlerAdded(context: ChannelHandlerContext) {
        let headers: HTTPHeaders = [
            "Host": url.authority, "Accept": "application/json", "User-Agent": "comity", "Connection": "close",
        ]
        let head = HTTPRequestHead(version: .http1_1, method: .GET, uri: url.target, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head)
        case .body(let bytes): append(bytes)
        case .end: if let response { outcome.settle(.success(response)) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        outcome.settle(.failure(.transport(.connect, url, "endpoint closed the connection before the answer's end")))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let certificate = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
        outcome.settle(.failure(failure(error, certificate: certificate)))
        context.close(promise: nil)
    }

    private func begin(_ head: HTTPResponseHead) {
        let response = EndpointAnswer(
            status: Int(head.status.code), location: head.headers.first(name: "Location"), body: ByteBuffer())
        self.response = response
        guard response.redirect == nil else {
            outcome.settle(.success(response))
            return
        }
        // Whoever announces too much need not send it.
        if response.status == 200, let length = head.headers.first(name: "Content-Length").flatMap(Int.init),
            length > maximumBytes
        {
            refuseSize()
        }
    }

    private func append(_ bytes: ByteBuffer) {
        guard let response else { return }
        var bytes = bytes
        if response.status == 200 {
            guard response.body.readableBytes + bytes.readableBytes <= maximumBytes else {
                refuseSize()
                return
            }
            self.response?.body.writeBuffer(&bytes)
        } else {
            let room = ForeignText.maximumLength - response.body.readableBytes
            var start = bytes.readSlice(length: min(room, bytes.readableBytes)) ?? ByteBuffer()
            self.response?.body.writeBuffer(&start)
            if start.readableBytes == room, let response = self.response { outcome.settle(.success(response)) }
        }
    }

    private func refuseSize() {
        outcome.settle(.failure(.transport(.tooLarge, url, "answer is larger than \(maximumBytes) bytes")))
    }

    /// An error while a certificate is at hand and no answer has begun is about that certificate.
    private func failure(_ error: any Error, certificate: NIOSSLCertificate?) -> FederationFailure {
        let problem = ConnectionFailure(error)
        guard problem.class == .handshake else {
            let reason = error is HTTPParserError ? "answer is not HTTP" : problem.reason
            return .transport(.connect, url, "connection to \(url.host):\(url.port): \(reason)")
        }
        guard response == nil, let certificate else {
            return .transport(.connect, url, "connection to \(url.host):\(url.port): \(problem.reason)")
        }
        let refusal = CertificateRefusal(certificate, host: url.host, error: error).description
        guard let id = (try? certificate.toDERBytes()).flatMap({ try? UnverifiedX509SVID(derCertificates: [$0]) })
        else {
            return .transport(.tlsIdentity, url, refusal)
        }
        return .fetching(
            .tlsIdentity,
            "failed to authenticate bundle endpoint using web authentication but the server certificate contains "
                + "SPIFFE ID \"\(id.claimedID)\": maybe use https_spiffe instead of https_web: \(refusal)")
    }
}
