// SPDX-License-Identifier: Apache-2.0

package import AsyncHTTPClient

extension HTTPClient {
    /// Runs the body with a client of its own, which follows no redirects and tries each connection once: whoever asks
    /// repeats the whole with a reason in the log.
    package static func scoped<Result: Sendable>(
        _ change: (inout Configuration) -> Void = { _ in }, _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        var configuration = Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.retryConnectionEstablishment = false
        change(&configuration)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let result = try await body(client)
            try await client.shutdown()
            return result
        } catch {
            try? await client.shutdown()
            throw error
        }
    }
}
