// SPDX-License-Identifier: Apache-2.0

/// Says what was being done when a call fails.
func doing<Value>(_ message: String, _ work: () async throws -> Value) async throws -> Value {
    do {
        return try await work()
    } catch {
        throw CommandError(.answer, message, cause: error)
    }
}
