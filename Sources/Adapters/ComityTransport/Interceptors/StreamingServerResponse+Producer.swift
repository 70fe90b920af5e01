// SPDX-License-Identifier: Apache-2.0

package import GRPCCore

extension StreamingServerResponse {
    /// Runs the producer of the response's messages inside `body`.
    ///
    /// A streaming handler does its work there, after every interceptor has returned; what has to hold around the
    /// handler must be put around the producer too.
    package func wrappingProducer(
        _ body: @Sendable @escaping (_ produce: () async throws -> Metadata) async throws -> Metadata,
        onRejection: (RPCError) -> Void = { _ in }
    ) -> StreamingServerResponse {
        switch accepted {
        case .success(var contents):
            let producer = contents.producer
            contents.producer = { writer in
                try await body { try await producer(writer) }
            }
            return StreamingServerResponse(accepted: .success(contents))
        case .failure(let error):
            onRejection(error)
            return self
        }
    }
}
