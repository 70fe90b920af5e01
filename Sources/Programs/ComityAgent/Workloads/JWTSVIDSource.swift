// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import ComityTelemetry
package import ComityWorkloads
package import FoundationEssentials
package import GRPCCore
package import Logging
import Synchronization

/// Gets JWT-SVIDs for workloads: from the cache while they are fresh, else from the server.
package final class JWTSVIDSource: Sendable {
    package typealias Fetch = @Sendable (_ entryID: String, _ audience: [String]) async throws -> JWTSVIDCache.Token

    private let cache: Mutex<JWTSVIDCache>
    private let fetch: Fetch
    private let logger: Logger
    private let now: @Sendable () -> Date

    package init(
        capacity: Int = 1000, logger: Logger, now: @escaping @Sendable () -> Date = { Date() },
        fetch: @escaping Fetch
    ) {
        cache = Mutex(JWTSVIDCache(capacity: capacity))
        self.fetch = fetch
        self.logger = logger
        self.now = now
    }

    /// - Throws: `RPCError` with code `unavailable` when there is no valid token and none can be had.
    package func token(for entry: Entry, audience: [String]) async throws(RPCError) -> JWTSVIDCache.Token {
        let key = JWTSVIDCache.Key(entry, audience: audience)
        let answer = cache.withLock { $0.answer(key, now: now()) }
        if case .fresh(let token) = answer { return token }
        do {
            let token = try await fetch(entry.id, audience)
            guard token.spiffeID == entry.spiffeID else {
                throw RPCError(code: .internalError, message: "server signed for \(token.spiffeID)")
            }
            cache.withLock { $0.store(token, for: key, random: .random(in: 0..<1)) }
            return token
        } catch {
            let reason = (error as? RPCError)?.message ?? "\(error)"
            guard case .due(let token) = answer, token.expiresAt > now() else {
                throw RPCError(code: .unavailable, message: "could not fetch JWT-SVID: \(reason)")
            }
            logger.warning(
                "Unable to renew JWT; returning cached copy",
                metadata: [.spiffeID: "\(entry.spiffeID)", .error: "\(reason)"])
            return token
        }
    }

    /// Forgets what these keys signed; answers how many tokens that were.
    package func distrust(_ keyIDs: Set<String>) -> Int {
        cache.withLock { $0.distrust(keyIDs) }
    }
}
