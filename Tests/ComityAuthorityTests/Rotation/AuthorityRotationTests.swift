// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

@Suite struct AuthorityRotationTests {
    static let start = AuthorityFixture.now
    static let hour: TimeInterval = 3600
    static let kinds: [AuthorityKind] = [.x509, .jwt]

    @Test(arguments: kinds) func firstStartActivatesAtOnce(kind: AuthorityKind) throws {
        var authority = try SimulatedAuthority(kind, ttl: 24 * Self.hour)
        let changes = try authority.run(now: Self.start)
        let current = try #require(authority.rotation.current)
        #expect(changes == [.activated(current, isNew: true)])
        #expect(current.slot == .a)
        #expect(authority.rotation.next == nil)
        #expect(authority.journal == [current])
    }

    @Test func actionsComeInSafeOrder() throws {
        var rotation = AuthorityRotation(schedule: RotationSchedule(refreshHint: 300))
        #expect(rotation.check(now: Self.start) == .generateKey(.a))
        // Nothing else happens before the report, however often one asks.
        #expect(rotation.check(now: Self.start) == .generateKey(.a))
        #expect(rotation.published() == nil)
        #expect(rotation.journalWritten() == nil)
        let record = try Self.record(slot: .a, now: Self.start)
        #expect(rotation.keyGenerated(record) == .publish(record))
        #expect(rotation.current == nil)
        var active = record
        active.status = .active
        #expect(rotation.published() == .writeJournal([active]))
        #expect(rotation.current == nil)
        #expect(rotation.journalWritten() == .activated(active, isNew: true))
        #expect(rotation.current == active)
    }

    struct Life: Sendable {
        var ttl: TimeInterval
        var prepared: TimeInterval
        var activated: TimeInterval
    }

    static let day = 24 * hour

    @Test(
        arguments: kinds,
        [
            Life(ttl: 24 * hour, prepared: 12 * hour, activated: 20 * hour),
            Life(ttl: hour, prepared: 1800, activated: 3000),
            Life(ttl: 40 * day, prepared: 20 * day, activated: 40 * day - 40 * day / 6),
            Life(ttl: 365 * day, prepared: 335 * day, activated: 358 * day),
        ])
    func rotatesOnSchedule(kind: AuthorityKind, life: Life) throws {
        var authority = try SimulatedAuthority(kind, ttl: life.ttl)
        try authority.run(now: Self.start)
        let first = try #require(authority.rotation.current)
        #expect(try authority.run(now: Self.start + life.prepared) == [])
        #expect(try authority.run(now: Self.start + life.prepared + 1).count == 1)
        let second = try #require(authority.rotation.next)
        #expect(second.status == .prepared)
        #expect(second.slot == .b)
        #expect(authority.rotation.current == first)
        #expect(try authority.run(now: Self.start + life.activated) == [])
        #expect(try authority.run(now: Self.start + life.activated + 1).count == 1)
        #expect(authority.rotation.current?.authorityID == second.authorityID)
        #expect(authority.rotation.next?.authorityID == first.authorityID)
        #expect(authority.rotation.next?.status == .old)
    }

    @Test("FED-02: automatic activation comes no earlier than three hints after publication", arguments: kinds)
    func givesPartnersTime(kind: AuthorityKind) throws {
        var authority = try SimulatedAuthority(kind, ttl: 24 * Self.hour, refreshHint: 300)
        try authority.run(now: Self.start)
        // The server was down from before preparation until the normal time of activation.
        let late = Self.start + 20 * Self.hour + 60
        try authority.run(now: late)
        #expect(authority.rotation.next?.status == .prepared)
        #expect(try authority.run(now: late + 900) == [])
        #expect(try authority.run(now: late + 901).count == 1)
    }

    @Test func givesPartnersNoMoreThanHalfTheReserve() throws {
        var authority = try SimulatedAuthority(.x509, ttl: 24 * Self.hour, refreshHint: 3 * Self.hour)
        try authority.run(now: Self.start)
        try authority.run(now: Self.start + 20 * Self.hour)
        #expect(try authority.run(now: Self.start + 22 * Self.hour) == [])
        #expect(try authority.run(now: Self.start + 22 * Self.hour + 1).count == 1)
    }

    @Test(arguments: kinds) func replacesEndedAuthorityAtOnce(kind: AuthorityKind) throws {
        var authority = try SimulatedAuthority(kind, ttl: Self.hour)
        try authority.run(now: Self.start)
        let first = try #require(authority.rotation.current)
        try authority.restart()
        #expect(authority.rotation.current == first)
        let changes = try authority.run(now: Self.start + 2 * Self.hour)
        #expect(changes.count == 1)
        #expect(authority.rotation.current?.slot == .b)
        #expect(authority.rotation.next?.status == .old)
    }

    @Test(arguments: kinds) func activatesPreparedOneWhenCurrentHasEnded(kind: AuthorityKind) throws {
        var authority = try SimulatedAuthority(kind, ttl: Self.hour)
        try authority.run(now: Self.start)
        try authority.run(now: Self.start + 2000)
        let prepared = try #require(authority.rotation.next)
        let changes = try authority.run(now: Self.start + Self.hour)
        #expect(changes.count == 1)
        #expect(authority.rotation.current?.authorityID == prepared.authorityID)
    }

    @Test(arguments: kinds) func operatorPreparesAndActivates(kind: AuthorityKind) throws {
        var authority = try SimulatedAuthority(kind, ttl: 24 * Self.hour)
        try authority.run(now: Self.start)
        try authority.prepare(now: Self.start + 1)
        let prepared = try #require(authority.rotation.next)
        try authority.prepare(now: Self.start + 2)
        let replaced = try #require(authority.rotation.next)
        #expect(prepared.authorityID != replaced.authorityID)
        try authority.activate(replaced.authorityID, now: Self.start + 3)
        #expect(authority.rotation.current?.authorityID == replaced.authorityID)
    }

    @Test func operatorIsToldWhyNot() throws {
        var authority = try SimulatedAuthority(.x509, ttl: 24 * Self.hour)
        #expect(throws: AuthorityError(.notReady, "")) { try authority.prepare(now: Self.start) }
        #expect(throws: AuthorityError(.notReady, "")) { try authority.activate("x", now: Self.start) }
        try authority.run(now: Self.start)
        let first = try #require(authority.rotation.current)
        for unknown in ["", "00", first.authorityID] {
            let error = #expect(throws: AuthorityError.self) { try authority.activate(unknown, now: Self.start) }
            #expect(error?.code == .unexpectedAuthority)
            #expect(error?.message == "unexpected authority ID")
        }
        try authority.prepare(now: Self.start)
        try authority.activate(try #require(authority.rotation.next).authorityID, now: Self.start)
        let error = #expect(throws: AuthorityError.self) {
            try authority.activate(first.authorityID, now: Self.start)
        }
        #expect(error?.code == .unsupportedStatus)
        #expect(
            error?.message
                == "only Prepared authorities can be activated: unsupported local authority status: OLD")
    }

    @Test func failedActionIsHandedOutAgain() throws {
        var rotation = AuthorityRotation(schedule: RotationSchedule(refreshHint: 300))
        _ = rotation.check(now: Self.start)
        let record = try Self.record(slot: .a, now: Self.start)
        let publish = rotation.keyGenerated(record)
        #expect(rotation.check(now: Self.start + 10) == publish)
        let write = rotation.published()
        #expect(rotation.check(now: Self.start + 20) == write)
        #expect(rotation.journalWritten() != nil)
        #expect(rotation.check(now: Self.start + 30) == nil)
    }

    @Test func journalIsBoundedAndKeepsTheActiveOne() throws {
        var authority = try SimulatedAuthority(.jwt, ttl: 24 * Self.hour)
        try authority.run(now: Self.start)
        for _ in 0..<2 * AuthorityRotation.longestJournal {
            try authority.prepare(now: Self.start)
        }
        #expect(authority.journal.count == AuthorityRotation.longestJournal)
        let first = try #require(authority.rotation.current)
        try authority.restart()
        #expect(authority.rotation.current == first)
        #expect(authority.rotation.next?.status == .prepared)
    }

    @Test func journalForgetsOnlyWhatIsGoneFromTheBundle() throws {
        var authority = try SimulatedAuthority(.jwt, ttl: 24 * Self.hour)
        try authority.run(now: Self.start)
        for _ in 0..<20 {
            try authority.prepare(now: Self.start)
        }
        #expect(authority.journal.count == 21)
        // A day after the end it may still be in the bundle, a second later it is not.
        try authority.prepare(now: Self.start + 48 * Self.hour)
        #expect(authority.journal.count == 22)
        try authority.prepare(now: Self.start + 48 * Self.hour + 1)
        #expect(authority.journal.count == AuthorityRotation.journalLimit)
    }

    @Test(arguments: kinds) func forgetsWhatIsNotPublished(kind: AuthorityKind) throws {
        var authority = try SimulatedAuthority(kind, ttl: 24 * Self.hour)
        try authority.run(now: Self.start)
        authority.bundle = SPIFFEBundle(trustDomain: authority.trustDomain)
        try authority.restart()
        #expect(authority.rotation.current == nil)
        try authority.run(now: Self.start)
        #expect(authority.rotation.current != nil)
        #expect(authority.journal.filter { $0.status == .active }.count == 1)
    }

    private static func record(slot: AuthoritySlot, now: Date) throws -> AuthorityRecord {
        try AuthorityRecord(
            jwt: try SigningKey(generating: .ecP256, id: slot.keyID(.jwt)), slot: slot, ttl: hour, now: now)
    }
}
