// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import Logging
import Synchronization

/// How the passes of one reconciler go: written by it, read by probes and metrics.
package final class PassState: Sendable {
    package struct Report: Hashable, Sendable {
        /// Passes that went through.
        package var successes = 0
        package var failures = 0
        /// Why the last pass did not go through.
        package var failure: String?
        package var lastDuration = Duration.zero
        /// What would be deleted but for the reason.
        package var withheld = 0
    }

    private let state = Mutex(Report())

    package init() {}

    package var report: Report { state.withLock { $0 } }

    /// Does one pass and takes down how it went; a failure is told in full once.
    ///
    /// - Parameter pass: Returns how many deletions were withheld.
    func follow(_ logger: Logger, _ pass: () async throws -> Int) async {
        let start = ContinuousClock.now
        do {
            let withheld = try await pass()
            passed(after: ContinuousClock.now - start, withheld: withheld)
        } catch {
            let failure = error as? PassError ?? PassError("Failed to reach the server", error)
            let isNews = failed("\(failure.cause)", after: ContinuousClock.now - start)
            logger.failure(failure.message, failure.cause, level: isNews ? .error : .debug)
        }
    }

    private func passed(after duration: Duration, withheld: Int) {
        state.withLock { report in
            report.successes += 1
            report.failure = nil
            report.lastDuration = duration
            report.withheld = withheld
        }
    }

    /// - Returns: Whether the last pass did not fail for the same reason.
    private func failed(_ reason: String, after duration: Duration) -> Bool {
        state.withLock { report in
            defer { report.failure = reason }
            report.failures += 1
            report.lastDuration = duration
            return report.failure != reason
        }
    }
}
