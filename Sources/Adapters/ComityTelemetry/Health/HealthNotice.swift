// SPDX-License-Identifier: Apache-2.0

/// What a change of health gives the log to say.
package enum HealthNotice: Sendable, Hashable {
    /// A check that was good, or had not run, failed.
    case failed(check: String, details: [String: String], problem: String)
    /// A check fails that was good before.
    case hasFailed(check: String, problem: String)
    /// A check fails that was never good.
    case hasFailedWhileStarting(check: String, problem: String)
    case recovered(check: String, details: [String: String], problem: String, failures: Int, duration: Double)
}
