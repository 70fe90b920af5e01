// SPDX-License-Identifier: Apache-2.0

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

    func passed(after duration: Duration, withheld: Int) {
        state.withLock { report in
            report.successes += 1
            report.failure = nil
            report.lastDuration = duration
            report.withheld = withheld
        }
    }

    func failed(_ reason: String, after duration: Duration) {
        state.withLock { report in
            report.failures += 1
            report.failure = reason
            report.lastDuration = duration
        }
    }
}
