// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import HummingbirdCore
import NIOCore
import SPIFFE
import Synchronization

/// Answers `GET /` with the bundle document, everything else as SPIRE's endpoint does.
final class BundleResponder: Sendable {
    private let bundle: @Sendable () async throws -> SPIFFEBundle
    private let refreshHint: Int64
    /// The last bundle as it was sent; most requests come between two changes.
    private let written = Mutex<(bundle: SPIFFEBundle, document: ByteBuffer)?>(nil)

    init(refreshHint: Int64, bundle: @escaping @Sendable () async throws -> SPIFFEBundle) {
        self.refreshHint = refreshHint
        self.bundle = bundle
    }

    func respond(to request: Request) async -> (head: HTTPResponse, body: ByteBuffer) {
        guard request.method == .get else {
            return plain(.methodNotAllowed, "405 method not allowed", hasBody: request.method != .head)
        }
        let path = request.head.path ?? ""
        guard path == "/" || path.hasPrefix("/?") else { return plain(.notFound, "404 page not found") }
        do {
            let document = try await document()
            return (head(.ok, "application/json", length: document.readableBytes), document)
        } catch {
            return plain(.internalServerError, "500 unable to retrieve local bundle")
        }
    }

    private func document() async throws -> ByteBuffer {
        var bundle = try await bundle()
        bundle.refreshHint = refreshHint
        if let document = written.withLock({ $0?.bundle == bundle ? $0?.document : nil }) { return document }
        let document = ByteBuffer(bytes: bundle.document())
        written.withLock { $0 = (bundle, document) }
        return document
    }

    private func plain(
        _ status: HTTPResponse.Status, _ text: String, hasBody: Bool = true
    ) -> (head: HTTPResponse, body: ByteBuffer) {
        let body = ByteBuffer(string: text + "\n")
        let head = head(status, "text/plain; charset=utf-8", length: body.readableBytes)
        return (head, hasBody ? body : ByteBuffer())
    }

    private func head(_ status: HTTPResponse.Status, _ contentType: String, length: Int) -> HTTPResponse {
        HTTPResponse(status: status, headerFields: [.contentType: contentType, .contentLength: "\(length)"])
    }
}
