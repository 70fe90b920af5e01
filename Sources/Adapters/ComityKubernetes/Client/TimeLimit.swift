// SPDX-License-Identifier: Apache-2.0

/// Runs the body and cancels it when it takes longer.
///
/// - Throws: ``KubernetesError`` with reason ``KubernetesError/Reason/deadline``, or what the body throws.
func withTimeLimit<Result: Sendable>(
    _ limit: Duration, server: String, _ body: @escaping @Sendable () async throws -> Result
) async throws(KubernetesError) -> Result {
    do {
        return try await withThrowingTaskGroup(of: Result.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                throw KubernetesError(
                    status: nil, reason: KubernetesError.Reason.deadline, "\(server) did not answer within \(limit)")
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() else { throw CancellationError() }
            return result
        }
    } catch {
        throw KubernetesError(connection: error, server: server)
    }
}
