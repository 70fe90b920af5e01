// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The clock that the drivers run by.
package struct ServerTime: Sendable {
    package var now: @Sendable () -> Date
    /// Returns after the given time, or throws when cancelled.
    package var sleep: @Sendable (Duration) async throws -> Void

    package init(now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Duration) async throws -> Void) {
        self.now = now
        self.sleep = sleep
    }

    package static let system = ServerTime(now: { Date() }, sleep: { try await Task.sleep(for: $0) })

    /// Does the work again and again, with a pause before each, until cancelled.
    func repeating(every pause: @autoclosure () -> Duration, _ work: () async -> Void) async {
        while true {
            do {
                try await sleep(pause())
            } catch {
                return
            }
            await work()
        }
    }
}
