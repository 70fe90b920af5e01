// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GRPCCore
import Synchronization

/// Holds callers up as the limits say.
package final class RateLimiter: Sendable {
    /// What the current call may still do.
    struct Allowance: Sendable {
        let limiter: RateLimiter
        let method: String
        let address: String?

        func take(_ count: Int) async throws {
            try await limiter.take(count, method: method, address: address)
        }
    }

    /// The caller and method that the current task works for. Outside of an RPC nothing is limited.
    @TaskLocal static var current: Allowance?

    private let limits: Mutex<RateLimits>
    private let time: ServerTime

    package init(_ limits: RateLimits, time: ServerTime = .system) {
        self.limits = Mutex(limits)
        self.time = time
    }

    /// Waits until the current call may do this many items more. For methods that count items; others are counted
    /// before their handler.
    ///
    /// - Throws: `RPCError` with code `resourceExhausted` when it asks for more than is ever possible.
    package static func take(items: Int) async throws {
        try await current?.take(items)
    }

    private func take(_ count: Int, method: String, address: String?) async throws {
        switch limits.withLock({ $0.take(count, for: method, from: address, now: time.now()) }) {
        case .proceed(let delay) where delay <= 0: break
        case .proceed(let delay): try await time.sleep(.seconds(delay))
        case .refuse(let reason): throw RPCError(code: .resourceExhausted, message: reason)
        }
    }
}
