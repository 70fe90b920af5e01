// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import ComityTelemetry
package import ComityTransport
package import FoundationEssentials
package import GRPCCore
import Glibc
import Synchronization

/// Refuses workloads that call more often than they may: counted for each method and kind of workload.
package final class WorkloadRateLimiter: Sendable {
    private struct Key: Hashable {
        let method: String
        let selectors: Set<Selector>
    }

    /// Beyond so many, those that have been quiet are forgotten.
    private static let crowd = 1000

    private let rates: [String: Int]
    private let buckets = Mutex<[Key: TokenBucket]>([:])
    private let instruments: Instruments
    private let now: @Sendable () -> Date

    /// - Parameter rates: Calls a second by method; one that is not there is not limited.
    package init(
        rates: [String: Int], instruments: Instruments = .none, now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.rates = rates
        self.instruments = instruments
        self.now = now
    }

    /// Counts a call. The agent's own look at its health is not counted.
    ///
    /// - Throws: `RPCError` with code `unavailable`.
    package func count(_ method: String, by caller: LocalPeer?, _ selectors: Set<Selector>) throws(RPCError) {
        guard let rate = rates[method], caller?.pid != getpid() else { return }
        let time = now()
        let isGranted = buckets.withLock { buckets in
            if buckets.count >= Self.crowd { buckets = buckets.filter { !$0.value.isFull(now: time) } }
            let key = Key(method: method, selectors: selectors)
            return buckets[key, default: TokenBucket(rate: rate, now: time)].takeIfThere(now: time)
        }
        guard isGranted else {
            instruments.count(.rateLimitExceeded, [.method: method])
            throw RPCError(code: .unavailable, message: "rate limit exceeded for \(method)")
        }
    }
}
