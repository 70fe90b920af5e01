// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import FoundationEssentials
import SPIFFE

/// One authority among all of the federation.
struct AuthorityName: Hashable {
    var kind: AuthorityKind
    var id: String
}

/// What each domain has no excuse for not knowing of another: the judge of the simulation, which knows nothing of how
/// polling works but how soon it must have succeeded.
struct Knowledge {
    private struct Pair: Hashable {
        var knower: TrustDomain
        var subject: TrustDomain
    }

    /// A poll each interval, and what an answer and two wrong clocks can take.
    private let patience: TimeInterval
    private var published: [TrustDomain: [AuthorityName: Date]] = [:]
    private var known: [Pair: Set<AuthorityName>] = [:]
    /// Since when nothing has kept the one from seeing what the other publishes.
    private var quietSince: [Pair: Date] = [:]

    init(interval: TimeInterval) {
        patience = interval + 300
    }

    mutating func wasPublished(_ authority: AuthorityName, by subject: TrustDomain, at now: Date) {
        if published[subject]?[authority] == nil { published[subject, default: [:]][authority] = now }
    }

    /// The endpoint misleads until then.
    mutating func disturb(_ knower: TrustDomain, about subject: TrustDomain, until end: Date) {
        let pair = Pair(knower: knower, subject: subject)
        quietSince[pair] = max(quietSince[pair] ?? .distantPast, end)
    }

    /// The copy was replaced by something else than what the endpoint says.
    mutating func forget(_ knower: TrustDomain, about subject: TrustDomain, at now: Date) {
        disturb(knower, about: subject, until: now)
        known[Pair(knower: knower, subject: subject)] = []
    }

    func mustKnow(_ knower: TrustDomain, _ authority: AuthorityName, of subject: TrustDomain) -> Bool {
        known[Pair(knower: knower, subject: subject)]?.contains(authority) ?? false
    }

    /// Time has passed.
    ///
    /// - Returns: whether more must be known now.
    mutating func update(_ knower: TrustDomain, about subject: TrustDomain, at now: Date) -> Bool {
        let pair = Pair(knower: knower, subject: subject)
        let limit = now - patience
        guard quietSince[pair] ?? .distantPast <= limit else { return false }
        var isNew = false
        for (authority, date) in published[subject] ?? [:] where date <= limit {
            if known[pair, default: []].insert(authority).inserted { isNew = true }
        }
        return isNew
    }

    /// Old ones need not be remembered.
    mutating func drop(publishedBefore date: Date) {
        for subject in published.keys {
            let old = Set((published[subject] ?? [:]).filter { $0.value < date }.keys)
            for authority in old { published[subject]?[authority] = nil }
            for pair in known.keys where pair.subject == subject { known[pair]?.subtract(old) }
        }
    }
}
