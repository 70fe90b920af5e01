// SPDX-License-Identifier: Apache-2.0

import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import SPIFFE

/// What the API server answered, read whole.
struct Answer: Sendable {
    let status: Int
    let retryAfter: String?
    /// What the request was made with.
    let access: ClusterAccess
    private let body: [UInt8]

    init(
        _ response: HTTPClientResponse, access: ClusterAccess, maximumBytes: Int, asked: String
    ) async throws(KubernetesError) {
        status = Int(response.status.code)
        retryAfter = response.headers.first(name: "Retry-After")
        self.access = access
        do {
            body = Array(buffer: try await response.body.collect(upTo: maximumBytes))
        } catch is NIOTooManyBytesError {
            throw KubernetesError(
                status: nil, reason: KubernetesError.Reason.tooLarge,
                "the answer to \(asked) is longer than \(maximumBytes) bytes")
        } catch {
            throw KubernetesError(connection: error, server: "the API server")
        }
    }

    /// - Throws: ``KubernetesError`` with what the server refused, or when it is no JSON.
    func object(asked: String, maximumBytes: Int) throws(KubernetesError) -> JSONValue {
        let object = try? JSONValue(parsing: body, maximumBytes: maximumBytes)
        guard (200..<300).contains(status) else { throw KubernetesError(status: status, answer: object, asked: asked) }
        guard let object, object.object != nil else {
            throw KubernetesError(
                status: nil, reason: KubernetesError.Reason.answer, "the answer to \(asked) is no JSON object")
        }
        return object
    }
}
