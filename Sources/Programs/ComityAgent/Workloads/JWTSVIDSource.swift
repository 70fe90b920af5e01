// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import ComityTelemetry
package import ComityWorkloads
package import FoundationEssentials
package import GRPCCore
package import Logging
import Synchronization

/// Gets JWT-SVIDs for workloads: from the cache while they are fresh, else from the server, once for all who ask.
package final class JWTSVIDSource: Sendable {
    package typealias Fetch = @Sendable (_ entryID: String, _ audience: [String]) async throws -> JWTSVIDCache.Token

    private let cache: Mutex<JWTSVIDCache>
    private let flights = SingleFlight<JWTSVIDCache.Key, JWTSVIDCache.Token>()
    private let fetch: Fetch
    private let instruments: Instruments
    private let logger: Logger
    private let now: @Sendable () -> Date

    package init(
        capacity: Int = 1000, instruments: Instruments = .none, logger: Logger,
        now: @escaping @Sendable () -> Date = { Date() }, fetch: @escaping Fetch
    ) {
        cache = Mutex(JWTSVIDCache(capacity: capacity))
        self.fetch = fetch
        self.instruments = instruments
        self.logger = logger
        self.now = now
    }

    /// - Throws: `RPCError` with code `unavailable` when there is no valid token and none can be had.
    package func token(for entry: Entry, audience: [String]) async throws(RPCError) -> JWTSVIDCache.Token {
        let key = JWTSVIDCache.Key(entry, audience: audience)
        // Each token of such an entry is one of its kind.
        let isShared = !entry.includesJTIInJWTSVID
        let answer = isShared ? cache.withLock { $0.answer(key, now: now()) } : .missing
        if case .fresh(let token) = answer { return token }
        do {
            return isShared
                ? try await flights.value(for: key) { try await self.sharedToken(key, entry, audience) }
                : try await fetchedToken(entry, audience)
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
        changeCache { $0.distrust(keyIDs) }
    }

    /// How many tokens are kept.
    package var count: Int { cache.withLock { $0.count } }

    /// How many callers wait for a token to be fetched.
    package func callerCount(for entry: Entry, audience: [String]) -> Int {
        flights.callerCount(JWTSVIDCache.Key(entry, audience: audience))
    }

    private func sharedToken(
        _ key: JWTSVIDCache.Key, _ entry: Entry, _ audience: [String]
    ) async throws -> JWTSVIDCache.Token {
        // Whoever comes late may find what another's fetch has brought.
        if case .fresh(let token) = cache.withLock({ $0.answer(key, now: now()) }) { return token }
        let token = try await fetchedToken(entry, audience)
        changeCache { $0.store(token, for: key, random: .random(in: 0..<1)) }
        return token
    }

    private func changeCache<Answer: Sendable>(_ change: (inout JWTSVIDCache) -> Answer) -> Answer {
        let (answer, count) = cache.withLock { (change(&$0), $0.count) }
        instruments.set(.cachedJWTSVIDs, to: Double(count))
        return answer
    }

    private func fetchedToken(_ entry: Entry, _ audience: [String]) async throws -> JWTSVIDCache.Token {
        let token = try await fetch(entry.id, audience)
        guard token.spiffeID == entry.spiffeID else {
            throw RPCError(code: .internalError, message: "server signed for \(token.spiffeID)")
        }
        return token
    }
}
