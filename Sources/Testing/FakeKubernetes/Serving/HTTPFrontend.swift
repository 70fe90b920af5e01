// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdCore
import NIOCore
import NIOSSL
import SPIFFE
import X509

/// Takes requests from HTTP and gives answers to it.
struct HTTPFrontend: Sendable {
    /// As the real API.
    private static let maximumBodyBytes = 3 << 20

    let server: APIServer
    let users: UserDirectory

    @concurrent
    func answer(_ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        let user = await user(of: request.headers, on: channel)
        let isWatch = request.uri.query?.contains("watch=") ?? false
        var body: [UInt8] = []
        if !isWatch {
            do {
                body = Array(buffer: try await request.body.collect(upTo: Self.maximumBodyBytes))
            } catch is NIOTooManyBytesError {
                let status = APIStatus(
                    413, "RequestEntityTooLarge", "Request entity too large: limit is \(Self.maximumBodyBytes)")
                return try await write(APIResponse(status), writer, mustClose: true)
            }
        }
        let call = APIRequest(request.head, body: body, user: user)
        try await Task.sleep(for: server.misbehaviour.delay)
        let response = server.misbehaviour.refusal(of: call).map(APIResponse.init) ?? server.respond(to: call)
        guard case .stream(let stream) = response.body else { return try await write(response, writer) }
        var bodyWriter = try await writer.writeHead(head(of: response))
        try await request.body.consumeWithCancellationOnInboundClose { _ in
            try await stream.write { try await bodyWriter.write($0) }
        }
        try await bodyWriter.finish(nil)
    }

    @concurrent
    private func write(
        _ response: APIResponse, _ writer: consuming ResponseWriter, mustClose: Bool = false
    ) async throws {
        guard case .bytes(let bytes) = response.body else { return }
        var head = head(of: response)
        head.headerFields[.contentLength] = "\(bytes.count)"
        if mustClose { head.headerFields[.connection] = "close" }
        try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private func head(of response: APIResponse) -> HTTPResponse {
        var fields: HTTPFields = [.contentType: response.contentType, .cacheControl: "no-cache, private"]
        if let name = HTTPField.Name("Warning") {
            fields[values: name] = response.warnings.map { "299 - \($0.quoted)" }
        }
        fields[.retryAfter] = response.retryAfterSeconds.map { "\($0)" }
        return HTTPResponse(status: .init(code: response.status), headerFields: fields)
    }

    /// A token decides before a certificate.
    private func user(of headers: HTTPFields, on channel: any Channel) async -> APIUser? {
        if let value = headers[.authorization] {
            guard value.hasPrefix("Bearer ") else { return nil }
            let token = String(value.dropFirst("Bearer ".count))
            return users.user(withToken: token)
                ?? (try? TokenAuthentication(server: server).holder(of: token, for: []))?.user
        }
        guard let certificate = try? await channel.nioSSL_peerCertificate().get(),
            let bytes = try? certificate.toDERBytes()
        else { return nil }
        return users.user(withCertificate: bytes)
    }
}
