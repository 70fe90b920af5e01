// SPDX-License-Identifier: Apache-2.0

import GRPCCore

/// Refuses calls of the Workload API that another party could have tricked a workload's HTTP client into
/// (Workload Endpoint §3). Other services on the socket need no header.
struct SecurityHeaderInterceptor: ServerInterceptor {
    static let workloadAPI = "SpiffeWorkloadAPI"
    private static let header = "workload.spiffe.io"

    func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>,
        context: ServerContext,
        next:
            @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
            StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        guard context.descriptor.service.fullyQualifiedService == Self.workloadAPI else {
            return try await next(request, context)
        }
        let values = Array(request.metadata[stringValues: Self.header])
        guard values == ["true"] else {
            throw RPCError(code: .invalidArgument, message: "security header missing from request")
        }
        return try await next(request, context)
    }
}
