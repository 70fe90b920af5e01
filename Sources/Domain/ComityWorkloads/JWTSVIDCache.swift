// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import FoundationEssentials
package import SPIFFE

/// JWT-SVIDs that were fetched for workloads, at most so many, those used longest ago given up first.
package struct JWTSVIDCache: Sendable {
    package struct Token: Hashable, Sendable {
        package var spiffeID: SPIFFEID
        package var token: String
        package var issuedAt: Date
        package var expiresAt: Date

        package init(spiffeID: SPIFFEID, token: String, issuedAt: Date, expiresAt: Date) {
            self.spiffeID = spiffeID
            self.token = token
            self.issuedAt = issuedAt
            self.expiresAt = expiresAt
        }
    }

    /// A changed entry or another order of the audience is another token.
    package struct Key: Hashable, Sendable {
        private let entryID: String
        private let revision: Int64
        private let createdAt: Date
        private let audience: [String]

        package init(_ entry: Entry, audience: [String]) {
            entryID = entry.id
            revision = entry.revisionNumber
            createdAt = entry.createdAt
            self.audience = audience
        }
    }

    package enum Answer: Hashable, Sendable {
        case fresh(Token)
        /// Still valid, to be used when no newer one can be had.
        case due(Token)
        case missing
    }

    private struct Place: Sendable {
        var token: Token
        var rotatesAt: Date
        var lastUse: UInt64
    }

    private let capacity: Int
    private var places: [Key: Place] = [:]
    private var uses: UInt64 = 0
    private var distrustedKeyIDs: Set<String> = []

    package init(capacity: Int = 1000) {
        self.capacity = capacity
    }

    package var count: Int { places.count }

    package mutating func answer(_ key: Key, now: Date) -> Answer {
        guard var place = places[key] else { return .missing }
        guard place.token.expiresAt > now else {
            places[key] = nil
            return .missing
        }
        uses += 1
        place.lastUse = uses
        places[key] = place
        return place.rotatesAt > now ? .fresh(place.token) : .due(place.token)
    }

    /// Forgets the tokens that these keys signed, and keeps none that they sign from now on; answers how many it forgot.
    package mutating func distrust(_ keyIDs: Set<String>) -> Int {
        distrustedKeyIDs.formUnion(keyIDs)
        let before = places.count
        places = places.filter { !isDistrusted($0.value.token) }
        return before - places.count
    }

    private func isDistrusted(_ token: Token) -> Bool {
        guard !distrustedKeyIDs.isEmpty, let keyID = try? UnverifiedJWTSVID(token: token.token).keyID else {
            return false
        }
        return distrustedKeyIDs.contains(keyID)
    }

    package mutating func store(_ token: Token, for key: Key, random: Double) {
        guard !isDistrusted(token) else { return }
        uses += 1
        let rotatesAt = RotationPolicy().rotationTime(
            notBefore: token.issuedAt, notAfter: token.expiresAt, random: random)
        places[key] = Place(token: token, rotatesAt: rotatesAt, lastUse: uses)
        guard places.count > capacity else { return }
        // Some at once, so that not every token that comes costs a look at all of them.
        let excess = places.count - (capacity - capacity / 8)
        let oldest = places.sorted { $0.value.lastUse < $1.value.lastUse }.prefix(excess)
        for (key, _) in oldest { places[key] = nil }
    }
}
