// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// Grants so many tokens a second, and at most a second's worth at once.
package struct TokenBucket: Hashable, Sendable {
    package enum Answer: Hashable, Sendable {
        /// Taken; they may be used after this many seconds.
        case granted(after: TimeInterval)
        /// Never possible: more than the bucket holds.
        case exceedsBurst
    }

    /// Tokens a second, and the size of the bucket.
    package let rate: Int

    private var tokens: Double
    private var updatedAt: Date

    package init(rate: Int, now: Date) {
        self.rate = rate
        tokens = Double(rate)
        updatedAt = now
    }

    /// Takes tokens; those that are not there yet are taken from the future.
    package mutating func take(_ count: Int, now: Date) -> Answer {
        guard count <= rate else { return .exceedsBurst }
        refill(now: now)
        tokens -= Double(count)
        return .granted(after: tokens >= 0 ? 0 : -tokens / Double(rate))
    }

    /// Takes one token, but none from the future.
    package mutating func takeIfThere(now: Date) -> Bool {
        refill(now: now)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// Whether it holds all that it can, so that forgetting it changes nothing.
    package func isFull(now: Date) -> Bool {
        var bucket = self
        bucket.refill(now: now)
        return bucket.tokens >= Double(rate)
    }

    private mutating func refill(now: Date) {
        let elapsed = max(0, now.timeIntervalSince(updatedAt))
        tokens = min(Double(rate), tokens + elapsed * Double(rate))
        updatedAt = max(updatedAt, now)
    }
}
