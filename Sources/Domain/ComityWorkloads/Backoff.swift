// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Growing waits between attempts that fail, as SPIRE spaces them.
package struct Backoff: Hashable, Sendable {
    private static let multiplier = 1.5
    private static let spread = 0.1

    private let initial: TimeInterval
    private let maximum: TimeInterval
    private let maximumElapsed: TimeInterval?
    private var next: TimeInterval
    private var startedAt: Date?

    /// - Parameter maximumElapsed: After how long no further attempt is worth it; `nil` goes on for ever.
    package init(initial: TimeInterval, maximum: TimeInterval, maximumElapsed: TimeInterval? = nil) {
        self.initial = initial
        self.maximum = max(initial, maximum)
        self.maximumElapsed = maximumElapsed
        next = initial
    }

    /// For attesting and the first sync: from 5 s, given up after a minute.
    package static let start = Backoff(initial: 5, maximum: 60, maximumElapsed: 60)

    /// The same where an unknown server may lead to a new beginning: for a day.
    package static let startWithRebootstrap = Backoff(initial: 5, maximum: 60, maximumElapsed: 86400)

    /// For syncs that fail: from the interval itself up to 8 minutes, or 48 intervals when those are shorter.
    package static func sync(interval: TimeInterval) -> Backoff {
        Backoff(initial: interval, maximum: min(8 * 60, 48 * interval))
    }

    /// For signing that fails: from half a second up to 4 minutes.
    package static let signing = Backoff(initial: 0.5, maximum: 4 * 60)

    package mutating func attemptSucceeded() {
        next = initial
        startedAt = nil
    }

    /// How long to wait before the next attempt, or `nil` when it is time to give up.
    ///
    /// - Parameter random: From 0 up to 1.
    package mutating func attemptFailed(now: Date, random: Double) -> TimeInterval? {
        let startedAt = startedAt ?? now
        self.startedAt = startedAt
        let wait = next * (1 + Self.spread * (2 * random - 1))
        if let maximumElapsed, now.timeIntervalSince(startedAt) + wait > maximumElapsed { return nil }
        next = min(next * Self.multiplier, maximum)
        return wait
    }
}
