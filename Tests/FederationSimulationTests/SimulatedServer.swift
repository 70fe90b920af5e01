// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import FoundationEssentials
import SPIFFE

/// The server of one trust domain: the rules that decide, and a disk that outlives it.
struct SimulatedServer {
    static let authorityTTL: TimeInterval = 10 * 86400
    static let refreshHint: TimeInterval = 6 * 3600
    private static let schedule = RotationSchedule(refreshHint: refreshHint)

    let trustDomain: TrustDomain
    let partners: [FederationRelationship]

    // What lies on disk.
    private(set) var own: BundleRecord
    private(set) var foreign: [TrustDomain: BundleRecord] = [:]
    private var keys: [String: SigningKey] = [:]
    private var storedJournal: [UInt8] = []

    // What a restart takes.
    private(set) var client: BundleClientState
    private(set) var x509Issuer: X509Issuer?
    private(set) var jwtIssuer: JWTIssuer?
    private var journal = AuthorityJournal()
    private var rotations: [AuthorityKind: AuthorityRotation] = [:]

    init(trustDomain: TrustDomain, partners: [FederationRelationship]) {
        self.trustDomain = trustDomain
        self.partners = partners
        own = BundleRecord(SPIFFEBundle(trustDomain: trustDomain, refreshHint: Int64(Self.refreshHint)))
        client = BundleClientState(ownTrustDomain: trustDomain) { 0.5 }
        for kind in [AuthorityKind.x509, .jwt] { rotations[kind] = AuthorityRotation(schedule: Self.schedule) }
    }

    // MARK: - Life

    /// Starts anew from what lies on disk.
    mutating func restart(at now: Date) throws -> [BundleClientAction] {
        journal = storedJournal.isEmpty ? AuthorityJournal() : try AuthorityJournal(bytes: storedJournal)
        for kind in [AuthorityKind.x509, .jwt] {
            rotations[kind] = AuthorityRotation(schedule: Self.schedule, journal: journal[kind]) { record in
                keys[record.slot.keyID(kind)].map { record.isUsable(kind, key: $0, bundle: own.bundle) } ?? false
            }
            if let current = rotations[kind]?.current { try use(current, kind) }
        }
        client = BundleClientState(ownTrustDomain: trustDomain) { 0.5 }
        var actions = client.relationshipsRead(static: partners, dynamic: [], at: now)
        for partner in partners {
            actions += client.bundleRead(foreign[partner.trustDomain]?.bundle, of: partner.trustDomain, at: now)
        }
        return actions
    }

    mutating func pruneBundle(at now: Date) throws {
        _ = try own.prune(expiredBefore: now - 86400)
    }

    // MARK: - Authorities

    /// The authority of a kind that signs, and the journal's word on which are active.
    func authorities(_ kind: AuthorityKind) -> (current: AuthorityRecord?, active: [AuthorityRecord]) {
        (rotations[kind]?.current, journal[kind].filter { $0.status == .active })
    }

    /// When the authority ends that signed before the present one.
    func predecessorEnd(_ kind: AuthorityKind) -> Date? {
        rotations[kind]?.next.flatMap { $0.status == .old ? $0.expiresAt : nil }
    }

    /// Does what is due.
    mutating func rotate(at now: Date) throws -> [AuthorityRotation.Change] {
        var changes: [AuthorityRotation.Change] = []
        for kind in [AuthorityKind.x509, .jwt] {
            while let action = rotations[kind]?.check(now: now) {
                if let change = try perform(action, kind, at: now) { changes.append(change) }
            }
        }
        return changes
    }

    /// - Parameter steps: How far the server comes before it stops, with what is in memory lost.
    mutating func prepare(_ kind: AuthorityKind, steps: Int = .max, at now: Date) throws {
        guard let action = try rotations[kind]?.prepare() else { return }
        _ = try perform(action, kind, steps: steps, at: now)
    }

    /// - Returns: `nil` when nothing is prepared.
    mutating func activate(_ kind: AuthorityKind, at now: Date) throws -> AuthorityRotation.Change? {
        guard let next = rotations[kind]?.next, next.status == .prepared,
            let action = try rotations[kind]?.activate(authorityID: next.authorityID)
        else { return nil }
        return try perform(action, kind, at: now)
    }

    private mutating func perform(
        _ first: AuthorityRotation.Action, _ kind: AuthorityKind, steps: Int = .max, at now: Date
    ) throws -> AuthorityRotation.Change? {
        var next: AuthorityRotation.Action? = first
        var left = steps
        while let action = next, left > 0 {
            left -= 1
            switch action {
            case .generateKey(let slot):
                let record = try makeAuthority(kind, slot, at: now)
                next = rotations[kind]?.keyGenerated(record)
            case .publish(let record):
                try own.append(
                    x509Authorities: kind == .x509 ? [record.x509Authority].compactMap(\.self) : [],
                    jwtAuthorities: kind == .jwt ? [record.jwtAuthority].compactMap(\.self) : [],
                    jwtExpirations: [record.authorityID: record.expiresAt])
                next = rotations[kind]?.published()
            case .writeJournal(let records):
                journal[kind] = records
                journal.revision += 1
                storedJournal = try journal.encoded()
                guard let change = rotations[kind]?.journalWritten() else { return nil }
                if case .activated(let record, _) = change { try use(record, kind) }
                return change
            }
        }
        return nil
    }

    private mutating func makeAuthority(
        _ kind: AuthorityKind, _ slot: AuthoritySlot, at now: Date
    ) throws -> AuthorityRecord {
        let key = try SigningKey(generating: .ecP256, id: slot.keyID(kind))
        keys[key.id] = key
        switch kind {
        case .x509:
            let template = X509CATemplate(trustDomain: trustDomain, ttl: Self.authorityTTL)
            return AuthorityRecord(x509: try template.selfSign(with: key, now: now), slot: slot, now: now)
        case .jwt: return try AuthorityRecord(jwt: key, slot: slot, ttl: Self.authorityTTL, now: now)
        }
    }

    private mutating func use(_ record: AuthorityRecord, _ kind: AuthorityKind) throws {
        guard let key = keys[record.slot.keyID(kind)] else { return }
        switch kind {
        case .x509:
            x509Issuer = try record.x509Authority.map {
                try X509Issuer(trustDomain: trustDomain, certificate: $0, key: key)
            }
        case .jwt:
            jwtIssuer = JWTIssuer(
                trustDomain: trustDomain, key: key, keyID: record.authorityID, expiresAt: record.expiresAt)
        }
    }

    // MARK: - Partners

    /// What `bundle set` does.
    mutating func setBundle(_ bundle: SPIFFEBundle, at now: Date) -> [BundleClientAction] {
        foreign[bundle.trustDomain] = BundleRecord(bundle)
        return client.bundleRead(bundle, of: bundle.trustDomain, at: now)
    }

    mutating func tick(at now: Date) -> [BundleClientAction] {
        client.tick(at: now)
    }

    mutating func fetched(
        _ result: Result<SPIFFEBundle, FederationFailure>, in attempt: FetchAttempt, at now: Date
    ) -> [BundleClientAction] {
        client.fetched(result, in: attempt, at: now)
    }

    /// Judges and stores as the driver does in one transaction.
    mutating func store(
        _ bundle: SPIFFEBundle, in attempt: FetchAttempt, at now: Date
    ) -> (outcome: Result<BundleAcceptance, FederationFailure>, actions: [BundleClientAction]) {
        let trustDomain = attempt.trustDomain
        let acceptance = BundleAcceptance(of: bundle, over: foreign[trustDomain]?.bundle)
        guard acceptance == .store else {
            return (.success(acceptance), client.judged(bundle, as: acceptance, in: attempt, at: now))
        }
        do throws(FederationFailure) {
            try AuthorityOwnership(own: self.trustDomain)
                .check(bundle, against: [own.bundle] + foreign.values.map(\.bundle))
        } catch {
            return (.failure(error), client.storingFailed(error, in: attempt, at: now))
        }
        var record = foreign[trustDomain] ?? BundleRecord(SPIFFEBundle(trustDomain: trustDomain))
        record.replace(with: bundle)
        foreign[trustDomain] = record
        return (
            .success(acceptance),
            client.judged(bundle, as: acceptance, in: attempt, at: now)
                + client.bundleRead(bundle, of: trustDomain, at: now)
        )
    }
}
