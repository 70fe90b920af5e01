// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// When one partner's bundle endpoint is asked next.
///
/// A success waits for the normal interval, to the second. A failure waits for 5 s, then twice as long each time, never
/// longer than the normal interval. Attempts that come sooner than the interval are counted: any ten intervals have at most
/// ten of them, so that even a partner that fails now and then gets at most twice the normal number of requests.
package struct PollSchedule: Hashable, Sendable {
    /// Attempts in the time a bundle asks consumers to refresh within, as in SPIRE.
    private static let attemptsPerHint: TimeInterval = 4
    /// Hints are held within these bounds (decision D-21).
    private static let minimumHint: Int64 = 60
    private static let maximumHint: Int64 = 24 * 3600
    private static let defaultHint: Int64 = 300
    private static let firstRetryDelay: TimeInterval = 5
    private static let extraAttempts = 10

    /// The normal time between two attempts while no bundle is stored, as in SPIRE.
    package static let intervalWithoutBundle: TimeInterval = 60

    private var consecutiveFailures = 0
    /// When the latest retries were due that came sooner than the interval, oldest first.
    private var extras: [Date] = []

    package init() {}

    /// The normal time between two attempts.
    ///
    /// - Parameter hint: the refresh hint in seconds; 0 and less count as absent.
    package static func interval(hint: Int64?) -> TimeInterval {
        var hint = hint ?? defaultHint
        if hint <= 0 { hint = defaultHint }
        return TimeInterval(min(max(hint, minimumHint), maximumHint)) / attemptsPerHint
    }

    package mutating func succeeded(interval: TimeInterval, at now: Date) -> Date {
        consecutiveFailures = 0
        return now.addingTimeInterval(interval)
    }

    /// - Parameter random: from 0 up to 1.
    package mutating func failed(interval: TimeInterval, at now: Date, random: Double) -> Date {
        let delay = retryDelay(random: random)
        consecutiveFailures += 1
        let retry = now.addingTimeInterval(delay)
        guard delay < interval, takeExtra(due: retry, window: Double(Self.extraAttempts) * interval) else {
            return now.addingTimeInterval(interval)
        }
        return retry
    }

    /// The first retry is exact; later ones are spread over a quarter either way.
    private func retryDelay(random: Double) -> TimeInterval {
        guard consecutiveFailures > 0 else { return Self.firstRetryDelay }
        // 2^20 times the first delay is past any interval.
        let doublings = min(consecutiveFailures, 20)
        let delay = Self.firstRetryDelay * TimeInterval(1 << doublings)
        return delay * (0.75 + 0.5 * random)
    }

    private mutating func takeExtra(due: Date, window: TimeInterval) -> Bool {
        if extras.count >= Self.extraAttempts {
            let oldest = extras[extras.count - Self.extraAttempts]
            guard oldest.addingTimeInterval(window) <= due else { return false }
            extras.removeFirst(extras.count - Self.extraAttempts + 1)
        }
        extras.append(due)
        return true
    }
}
