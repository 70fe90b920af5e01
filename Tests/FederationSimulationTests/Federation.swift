// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE

/// Three trust domains in simulated time: `alpha` and `gamma` each federate with `beta`, and not with each other.
///
/// Everything that happens follows from the seed. After every step ``check()`` looks at all that must hold.
struct Federation {
    /// Something that must hold does not.
    struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    /// How much has happened.
    struct Tally {
        var activations = 0
        var polls = 0
        var refusedRollbacks = 0
        var refusedThefts = 0
        /// Of SVIDs of a partner by a copy that has no excuse.
        var foreignVerifications = 0
        var incidents: [Incident.Kind: Int] = [:]
    }

    struct Domain {
        var server: SimulatedServer
        var workload: SimulatedWorkload
        var endpoint = Endpoint()
        var clockError: TimeInterval = 0
        var nextPruning = Date.distantPast
        var partners: [TrustDomain]

        var name: TrustDomain { server.trustDomain }
    }

    private struct Pending {
        var due: Date
        var domain: Int
        var attempt: FetchAttempt
        var answer: Endpoint.Answer
    }

    private static let tick: TimeInterval = 3600
    /// On average.
    private static let incidentInterval: TimeInterval = 12 * 3600

    let seed: UInt64
    var random: SeededGenerator
    /// The right time, which no domain's clock has to show.
    private(set) var now = TestTime.now
    var domains: [Domain] = []
    var knowledge: Knowledge
    var verdicts = Verdicts()
    var tally = Tally()
    private var pending: [Pending] = []
    private var documents: [[UInt8]: Result<SPIFFEBundle, FederationFailure>] = [:]
    private var nextTick = TestTime.now
    private var nextIncident = TestTime.now + incidentInterval
    private var lastSerial = 0
    private var publicationOf: [AuthorityName: Date] = [:]

    init(seed: UInt64) throws {
        self.seed = seed
        random = SeededGenerator(seed: seed)
        knowledge = Knowledge(interval: SimulatedServer.refreshHint / 4)
        let partners = [
            ("alpha.test", ["beta.test"]), ("beta.test", ["alpha.test", "gamma.test"]), ("gamma.test", ["beta.test"]),
        ]
        for (name, others) in partners {
            let (name, others) = (try TrustDomain(name), try others.map { try TrustDomain($0) })
            let relationships = others.map {
                FederationRelationship(trustDomain: $0, bundleEndpointURL: "https://\($0)", profile: .httpsWeb)
            }
            domains.append(
                Domain(
                    server: SimulatedServer(trustDomain: name, partners: relationships),
                    workload: try SimulatedWorkload(name, federatesWith: others), partners: others))
        }
    }

    // MARK: - Time

    mutating func run(days: Double) throws {
        let end = now + days * 86400
        for index in domains.indices { try rotate(index) }
        for index in domains.indices { try restart(index) }
        while now < end {
            now = max(now, nextEvent)
            var isNew = try deliver()
            for index in domains.indices {
                let actions = domains[index].server.tick(at: time(index))
                if try perform(actions, of: index) { isNew = true }
            }
            if now >= nextIncident {
                let incident = Incident.random(domains: domains.count, &random)
                try strike(incident)
                nextIncident = now + Self.incidentInterval * Double.random(in: 0.2...1.8, using: &random)
                isNew = true
            }
            if now >= nextTick {
                nextTick = now + Self.tick
                for index in domains.indices {
                    if try maintain(index) { isNew = true }
                }
                if updateKnowledge() { isNew = true }
            }
            // Mere time takes nothing but SVIDs that end, and obliges nobody.
            guard isNew || isSigningDue else { continue }
            for index in domains.indices { try settle(index) }
            try check()
        }
    }

    /// By a domain's own clock.
    func time(_ index: Int) -> Date { now + domains[index].clockError }

    func index(of trustDomain: TrustDomain) -> Int {
        domains.firstIndex { $0.name == trustDomain } ?? 0
    }

    private var nextEvent: Date {
        let polls = domains.compactMap { domain in
            domain.server.client.nextAttempt.map { $0 - domain.clockError }
        }
        return (polls + pending.map(\.due)).reduce(min(nextTick, nextIncident), min)
    }

    private var isSigningDue: Bool {
        domains.indices.contains { index in domains[index].workload.nextSigning.map { $0 <= time(index) } ?? false }
    }

    // MARK: - Steps

    /// - Returns: whether it is time to look at all.
    private mutating func maintain(_ index: Int) throws -> Bool {
        let before = (domains[index].server.own, tally.activations)
        try rotate(index)
        if now >= domains[index].nextPruning {
            try domains[index].server.pruneBundle(at: time(index))
            domains[index].nextPruning = now + 6 * 3600
            publish(index)
            return true
        }
        return (domains[index].server.own, tally.activations) != before
    }

    mutating func rotate(_ index: Int) throws {
        let changes = try domains[index].server.rotate(at: time(index))
        publish(index)
        for change in changes { try note(change, of: index, isScheduled: true) }
    }

    mutating func restart(_ index: Int) throws {
        let actions = try domains[index].server.restart(at: time(index))
        pending.removeAll { $0.domain == index }
        _ = try perform(actions, of: index)
        try rotate(index)
    }

    /// What the server has is served from now on.
    mutating func publish(_ index: Int) {
        let bundle = domains[index].server.own.bundle
        guard bundle != domains[index].endpoint.bundle else { return }
        let names =
            bundle.x509Authorities.map { AuthorityName(kind: .x509, id: $0.subjectKeyIdentifier.hex) }
            + bundle.jwtAuthorities.map { AuthorityName(kind: .jwt, id: $0.keyID) }
        for name in names {
            if publicationOf[name] == nil { publicationOf[name] = now }
            knowledge.wasPublished(name, by: bundle.trustDomain, at: now)
        }
        domains[index].endpoint.publish(bundle)
    }

    /// Partners had three refresh hints to learn of an authority, unless an operator was in a hurry (FED-02).
    mutating func note(_ change: AuthorityRotation.Change, of index: Int, isScheduled: Bool) throws {
        guard case .activated(let record, let isNew) = change else { return }
        tally.activations += 1
        let kind: AuthorityKind = record.x509Authority == nil ? .jwt : .x509
        guard let published = publicationOf[AuthorityName(kind: kind, id: record.authorityID)] else {
            throw broken("\(domains[index].name) activated \(record.authorityID) before it was published")
        }
        guard isScheduled, !isNew, now.timeIntervalSince(published) < 3 * SimulatedServer.refreshHint - 120 else {
            return
        }
        // A successor that was lost and made anew may have to do with less time.
        let reserve = SimulatedServer.authorityTTL / 12 + Self.tick
        guard let end = domains[index].server.predecessorEnd(kind), end.timeIntervalSince(now) <= reserve else {
            throw broken("\(domains[index].name) activated \(record.authorityID) sooner than partners could know of it")
        }
    }

    private mutating func settle(_ index: Int) throws {
        let now = time(index)
        domains[index].workload.sync(with: domains[index].server, at: now)
        let own = domains[index].server.own.bundle
        for svid in try domains[index].workload.renew(by: domains[index].server, serial: &lastSerial, at: now) {
            guard own.publishes(svid.authority) else { throw broken("\(svid) is signed by an unpublished key") }
        }
        domains[index].workload.dropEnded(at: now)
    }

    /// - Returns: whether anybody has become obliged to know more.
    private mutating func updateKnowledge() -> Bool {
        knowledge.drop(publishedBefore: now - 2 * SimulatedServer.authorityTTL)
        var isNew = false
        for domain in domains {
            for partner in domain.partners where knowledge.update(domain.name, about: partner, at: now) { isNew = true }
        }
        return isNew
    }

    // MARK: - Polling

    /// - Returns: whether a copy may have changed.
    mutating func perform(_ actions: [BundleClientAction], of index: Int) throws -> Bool {
        var isNew = false
        for action in actions {
            switch action {
            case .startFetch(let attempt):
                tally.polls += 1
                let partner = self.index(of: attempt.trustDomain)
                let answer = domains[partner].endpoint.answer(at: now, &random)
                pending.append(Pending(due: now + answer.latency, domain: index, attempt: attempt, answer: answer))
            case .cancelFetch(let attempt): pending.removeAll { $0.domain == index && $0.attempt == attempt }
            case .store(let attempt, let bundle):
                let (outcome, next) = domains[index].server.store(bundle, in: attempt, at: time(index))
                switch outcome {
                case .success(.store): isNew = true
                case .success(.refuse): tally.refusedRollbacks += 1
                case .success(.unchanged): break
                case .failure: tally.refusedThefts += 1
                }
                if try perform(next, of: index) { isNew = true }
            case .saveStatus, .deleteStatus, .finish, .log: break
            }
        }
        return isNew
    }

    private mutating func deliver() throws -> Bool {
        var isNew = false
        while let place = pending.firstIndex(where: { $0.due <= now }) {
            let arrived = pending.remove(at: place)
            let result = arrived.answer.result.flatMap { parse($0, of: arrived.attempt.trustDomain) }
            let actions = domains[arrived.domain].server.fetched(
                result, in: arrived.attempt, at: time(arrived.domain))
            let hasChanged = try perform(actions, of: arrived.domain)
            if hasChanged, arrived.answer.excuses {
                knowledge.forget(domains[arrived.domain].name, about: arrived.attempt.trustDomain, at: now)
            }
            isNew = isNew || hasChanged
        }
        return isNew
    }

    private mutating func parse(_ bytes: [UInt8], of trustDomain: TrustDomain) -> Result<
        SPIFFEBundle, FederationFailure
    > {
        if let known = documents[bytes] { return known }
        let result: Result<SPIFFEBundle, FederationFailure>
        do throws(SPIFFEError) {
            result = .success(try BundleDocument(parsing: bytes, trustDomain: trustDomain).bundle)
        } catch {
            result = .failure(FederationFailure(.document, "\(error)"))
        }
        documents[bytes] = result
        return result
    }

    func broken(_ what: String) -> Broken {
        Broken(description: "seed \(seed), \(now): \(what)")
    }
}

extension SPIFFEBundle {
    func publishes(_ authority: AuthorityName) -> Bool {
        switch authority.kind {
        case .x509: x509Authorities.contains { $0.subjectKeyIdentifier.hex == authority.id }
        case .jwt: jwtAuthorities.contains { $0.keyID == authority.id }
        }
    }
}
