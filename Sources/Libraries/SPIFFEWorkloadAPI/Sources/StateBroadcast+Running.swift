// SPDX-License-Identifier: Apache-2.0

import ServiceLifecycle

extension StateBroadcast {
    /// Runs what publishes the states, and ends the updates with it.
    func running(
        _ client: WorkloadAPIClient, _ work: @escaping @Sendable (WorkloadAPICalls) async throws -> Void
    ) async throws {
        begin()
        do {
            try await cancelWhenGracefulShutdown { try await client.withCalls(work) }
            end(.success(()))
        } catch let error as WorkloadAPIError where error.code == .cancelled {
            end(.success(()))
        } catch is CancellationError {
            end(.success(()))
        } catch {
            end(.failure(error))
            throw error
        }
    }

    func notReady(at address: WorkloadAPIAddress) -> WorkloadAPIError {
        WorkloadAPIError(.notReady, "nothing received yet from the agent at \(address)", cause: complaint)
    }
}
