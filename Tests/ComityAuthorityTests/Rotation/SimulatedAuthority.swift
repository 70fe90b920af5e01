// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import FoundationEssentials
import SPIFFE
import X509

/// A server's authority of one kind, with keys, bundle and journal that outlive a crash.
struct SimulatedAuthority {
    let kind: AuthorityKind
    let trustDomain: TrustDomain
    let ttl: TimeInterval
    let schedule: RotationSchedule

    // What lies on disk.
    private(set) var keys: [String: SigningKey] = [:]
    var bundle: SPIFFEBundle
    private(set) var journal: [AuthorityRecord] = []

    // What a crash takes.
    private(set) var rotation: AuthorityRotation

    init(_ kind: AuthorityKind, ttl: TimeInterval, refreshHint: TimeInterval = 300) throws {
        self.kind = kind
        self.ttl = ttl
        trustDomain = try TrustDomain("example.org")
        bundle = SPIFFEBundle(trustDomain: trustDomain)
        schedule = RotationSchedule(refreshHint: refreshHint)
        rotation = AuthorityRotation(schedule: schedule)
    }

    /// Starts anew from what lies on disk.
    mutating func restart() throws {
        var stored = AuthorityJournal()
        stored.x509 = journal
        let loaded = try AuthorityJournal(bytes: try stored.encoded())
        rotation = AuthorityRotation(schedule: schedule, journal: loaded.x509) { record in
            guard let key = keys[record.slot.keyID(kind)] else { return false }
            return record.isUsable(kind, key: key, bundle: bundle)
        }
    }

    /// Performs what is due, and answers with what changed. Crashes after `cut` actions, if that comes first.
    mutating func run(_ first: AuthorityRotation.Action?, now: Date, cut: inout Int) throws -> [AuthorityRotation
        .Change]
    {
        var changes: [AuthorityRotation.Change] = []
        var action = first ?? rotation.check(now: now)
        while let present = action {
            let change = try perform(present, now: now, next: &action)
            cut -= 1
            if cut == 0 {
                try restart()
                return changes
            }
            if let change {
                changes.append(change)
                action = rotation.check(now: now)
            }
        }
        return changes
    }

    @discardableResult
    mutating func run(now: Date) throws -> [AuthorityRotation.Change] {
        var never = -1
        return try run(nil, now: now, cut: &never)
    }

    mutating func prepare(now: Date) throws {
        var never = -1
        _ = try run(try rotation.prepare(), now: now, cut: &never)
    }

    mutating func activate(_ authorityID: String, now: Date) throws {
        var never = -1
        _ = try run(try rotation.activate(authorityID: authorityID), now: now, cut: &never)
    }

    mutating func beginPrepare() throws -> AuthorityRotation.Action { try rotation.prepare() }

    mutating func beginActivate(_ authorityID: String) throws -> AuthorityRotation.Action {
        try rotation.activate(authorityID: authorityID)
    }

    /// The issuer of the authority that signs.
    func x509Issuer() throws -> X509Issuer? {
        guard let current = rotation.current, let ca = current.x509Authority,
            let key = keys[current.slot.keyID(kind)]
        else { return nil }
        return try X509Issuer(trustDomain: trustDomain, certificate: ca, key: key)
    }

    private mutating func perform(
        _ action: AuthorityRotation.Action, now: Date, next: inout AuthorityRotation.Action?
    ) throws -> AuthorityRotation.Change? {
        next = nil
        switch action {
        case .generateKey(let slot):
            let key = try SigningKey(generating: .ecP256, id: slot.keyID(kind))
            keys[key.id] = key
            next = rotation.keyGenerated(try record(key, slot: slot, now: now))
        case .publish(let record):
            publish(record)
            next = rotation.published()
        case .writeJournal(let records):
            journal = records
            return rotation.journalWritten()
        }
        return nil
    }

    private func record(_ key: SigningKey, slot: AuthoritySlot, now: Date) throws -> AuthorityRecord {
        switch kind {
        case .x509:
            let ca = try X509CATemplate(trustDomain: trustDomain, ttl: ttl).selfSign(with: key, now: now)
            return AuthorityRecord(x509: ca, slot: slot, now: now)
        case .jwt:
            return try AuthorityRecord(jwt: key, slot: slot, ttl: ttl, now: now)
        }
    }

    private mutating func publish(_ record: AuthorityRecord) {
        if kind == .x509, let ca = record.x509Authority, !bundle.x509Authorities.contains(ca) {
            bundle.x509Authorities.append(ca)
        }
        if kind == .jwt, let key = record.jwtAuthority, !bundle.jwtAuthorities.contains(key) {
            bundle.jwtAuthorities.append(key)
        }
    }
}
