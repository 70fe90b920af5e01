// SPDX-License-Identifier: Apache-2.0

import ComityTransport
package import FoundationEssentials

/// How often one IP address may call which method. A rule: it is told the time and says how long to wait.
package struct RateLimits: Sendable {
    /// Callers remembered at most, so that a flood of addresses cannot fill the memory.
    static let maximumBuckets = 100_000

    package enum Answer: Hashable, Sendable {
        case proceed(after: TimeInterval)
        case refuse(String)
    }

    private struct Key: Hashable {
        let method: String
        let address: String
    }

    private let rates: [String: Int]
    private var buckets: [Key: TokenBucket] = [:]
    private var sweptAt: Date?

    /// - Parameter rates: Tokens a second by full method.
    package init(rates: [String: Int]) {
        self.rates = rates
    }

    package func rate(of method: String) -> Int? {
        rates[method]
    }

    /// - Parameter address: The caller's IP address; `nil` for local callers, who are never held up.
    package mutating func take(_ count: Int, for method: String, from address: String?, now: Date) -> Answer {
        guard let rate = rates[method], let address else { return .proceed(after: 0) }
        sweep(now: now)
        let key = Key(method: method, address: address)
        guard buckets[key] != nil || buckets.count < Self.maximumBuckets else {
            return .refuse("too many callers at once; try again later")
        }
        switch buckets[key, default: TokenBucket(rate: rate, now: now)].take(count, now: now) {
        case .granted(let delay): return .proceed(after: delay)
        case .exceedsBurst: return .refuse("rate (\(count)) exceeds burst size (\(rate))")
        }
    }

    /// Forgets, once a minute, who has been quiet for long enough.
    private mutating func sweep(now: Date) {
        guard let sweptAt else {
            self.sweptAt = now
            return
        }
        guard now.timeIntervalSince(sweptAt) >= 60 else { return }
        self.sweptAt = now
        buckets = buckets.filter { !$0.value.isFull(now: now) }
    }
}
