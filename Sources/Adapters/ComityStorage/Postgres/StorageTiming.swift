// SPDX-License-Identifier: Apache-2.0

/// The time and chance that a database is used by.
package struct StorageTiming: Sendable {
    /// Returns after the given time, or throws when cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void
    /// From 0 up to 1; spreads retries.
    package var random: @Sendable () -> Double
    /// How long changes by other servers may stay unseen when their notifications get lost, as long as in SPIRE.
    package var pollInterval: Duration

    package init(
        sleep: @escaping @Sendable (Duration) async throws -> Void, random: @escaping @Sendable () -> Double,
        pollInterval: Duration = .seconds(5)
    ) {
        self.sleep = sleep
        self.random = random
        self.pollInterval = pollInterval
    }

    package static let system = StorageTiming(
        sleep: { try await Task.sleep(for: $0) }, random: { Double.random(in: 0..<1) })
}
