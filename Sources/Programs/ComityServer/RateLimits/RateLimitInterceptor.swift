// SPDX-License-Identifier: Apache-2.0

package import GRPCCore

/// Counts each call, or lets its handler count the items. Stands behind the authorization.
package struct RateLimitInterceptor: ServerInterceptor {
    private let limiter: RateLimiter

    package init(limiter: RateLimiter) {
        self.limiter = limiter
    }

    package func intercept<Input: Sendable, Output: Sendable>(
        request: StreamingServerRequest<Input>,
        context: ServerContext,
        next:
            @concurrent @Sendable (StreamingServerRequest<Input>, ServerContext) async throws ->
            StreamingServerResponse<Output>
    ) async throws -> StreamingServerResponse<Output> {
        let method = "/\(context.descriptor.fullyQualifiedMethod)"
        let allowance = RateLimiter.Allowance(limiter: limiter, method: method, address: Caller.current.ipAddress)
        if RateLimits.itemCountedMethods.contains(method) {
            return try await RateLimiter.$current.withValue(allowance) { try await next(request, context) }
        }
        try await allowance.take(1)
        return try await next(request, context)
    }
}
