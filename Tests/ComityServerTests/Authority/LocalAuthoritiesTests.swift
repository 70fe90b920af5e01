// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing
import X509

@Suite struct LocalAuthoritiesTests {
    static let hour: TimeInterval = 3600

    @Test func firstStartMakesPublishedAuthorities() async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        try await authorities.start()
        let x509 = try await authorities.states(of: .x509)
        let jwt = try await authorities.states(of: .jwt)
        let bundle = try await server.bundle
        #expect(bundle.x509Authorities.map(\.subjectKeyIdentifier.hex) == [x509.active.authorityID])
        #expect(bundle.jwtAuthorities.map(\.keyID) == [jwt.active.authorityID])
        #expect(try authorities.issuers.x509.authorityID == x509.active.authorityID)
        #expect(try authorities.issuers.jwt.keyID == jwt.active.authorityID)
        #expect(x509.prepared == nil && x509.old == nil)
    }

    @Test func restartFindsTheSameAuthorities() async throws {
        let server = try AuthorityServer()
        let first = try server.boot()
        try await first.start()
        _ = try await first.prepare(.x509)
        _ = try await first.prepare(.jwt)
        let second = try server.boot()
        try await second.start()
        for kind in [AuthorityKind.x509, .jwt] {
            #expect(try await first.states(of: kind) == second.states(of: kind))
        }
        #expect(try await server.bundle.x509Authorities.count == 2)
        #expect(server.log.texts.contains("info Journal loaded jwt_keys=2 wit_keys=0 x509_cas=2"))
    }

    @Test func journalFollowsTheActiveAuthority() async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        try await authorities.start()
        let first = try await authorities.states(of: .x509).active.authorityID
        let second = try await authorities.prepare(.x509).authorityID
        _ = try await authorities.activate(.x509, authorityID: second)
        #expect(try await server.store.journal(id: first) == nil)
        #expect(try await server.store.journal(id: second) != nil)
        let restarted = try server.boot()
        try await restarted.start()
        #expect(try await restarted.states(of: .x509).active.authorityID == second)
        #expect(try await restarted.states(of: .x509).old?.authorityID == first)
    }

    @Test("FED-03: what signs is in the bundle before", arguments: [AuthorityKind.x509, .jwt])
    func publishesBeforeUse(kind: AuthorityKind) async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        try await authorities.start()
        let prepared = try await authorities.prepare(kind)
        let published = try await server.bundle
        let isPublished =
            published.x509Authorities.contains { $0.subjectKeyIdentifier.hex == prepared.authorityID }
            || published.jwtAuthorities.contains { $0.keyID == prepared.authorityID }
        #expect(isPublished)
        #expect(try authorities.issuers.x509.authorityID != prepared.authorityID)
        #expect(try authorities.issuers.jwt.keyID != prepared.authorityID)
        _ = try await authorities.activate(kind, authorityID: prepared.authorityID)
        let signing =
            kind == .x509 ? try authorities.issuers.x509.authorityID : try authorities.issuers.jwt.keyID
        #expect(signing == prepared.authorityID)
    }

    @Test("BUNDLE-06, BUNDLE-07: the sequence grows with every new authority, and only then")
    func sequenceGrows() async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        try await authorities.start()
        let first = try #require(try await server.bundle.sequenceNumber)
        await authorities.rotate()
        #expect(try await server.bundle.sequenceNumber == first)
        let prepared = try await authorities.prepare(.x509)
        let second = try #require(try await server.bundle.sequenceNumber)
        #expect(second > first)
        _ = try await authorities.activate(.x509, authorityID: prepared.authorityID)
        #expect(try await server.bundle.sequenceNumber == second)
        _ = try await authorities.prepare(.x509)
        #expect(try #require(try await server.bundle.sequenceNumber) > second)
    }

    @Test func rotatesByTheClock() async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        try await authorities.start()
        let start = server.clock.now
        let first = try await authorities.states(of: .x509).active
        server.clock.now = start + 12 * Self.hour + 1
        await authorities.rotate()
        #expect(try await authorities.states(of: .x509).prepared != nil)
        #expect(try await authorities.states(of: .jwt).prepared != nil)
        server.clock.now = start + 20 * Self.hour + 1
        await authorities.rotate()
        #expect(try await authorities.states(of: .x509).old?.authorityID == first.authorityID)
        #expect(try await authorities.states(of: .jwt).old != nil)
    }

    @Test func logsInSPIREsWords() async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        try await authorities.start()
        let id = try await authorities.states(of: .x509).active.authorityID
        let kid = try await authorities.states(of: .jwt).active.authorityID
        let common = "issued_at=2026-01-01 00:00:00 +0000 UTC local_authority_id="
        let ends = "expiration=2026-01-02 00:00:00 +0000 UTC"
        for line in [
            "info Journal loaded jwt_keys=0 wit_keys=0 x509_cas=0",
            "info X509 CA prepared \(ends) \(common)\(id) self_signed=true slot=A upstream_authority_id=",
            "info X509 CA activated \(ends) \(common)\(id) slot=A upstream_authority_id=",
            "info JWT key prepared \(ends) \(common)\(kid) slot=A",
            "info JWT key activated \(ends) \(common)\(kid) slot=A",
            "debug Successfully rotated X.509 CA trust_domain_id=spiffe://example.org ttl=86400.0",
        ] {
            #expect(server.log.texts.contains(line))
        }
    }

    @Test("FED-04: an authority stays a day after its end, then it is pruned") func prunes() async throws {
        let server = try AuthorityServer(authorityTTL: Self.hour)
        let authorities = try server.boot()
        try await authorities.start()
        let start = server.clock.now
        let first = try await server.bundle
        server.clock.now = start + 2 * Self.hour
        await authorities.rotate()
        server.clock.now = start + 25 * Self.hour
        await authorities.rotate()
        await authorities.pruneBundle()
        #expect(try await server.bundle.x509Authorities.contains(first.x509Authorities[0]))
        server.clock.now = start + 25 * Self.hour + 1
        await authorities.pruneBundle()
        let left = try await server.bundle
        #expect(!left.x509Authorities.contains(first.x509Authorities[0]))
        #expect(!left.jwtAuthorities.contains(first.jwtAuthorities[0]))
        #expect(!left.x509Authorities.isEmpty && !left.jwtAuthorities.isEmpty)
        #expect(server.log.texts.contains { $0.hasPrefix("info Pruning CA certificate due to expiration expiration=") })
        #expect(
            server.log.texts.contains { $0.hasPrefix("info Pruning JWT signing key due to expiration expiration=") })
    }

    @Test func neverPrunesTheLastAuthority() async throws {
        let server = try AuthorityServer(authorityTTL: Self.hour)
        let authorities = try server.boot()
        try await authorities.start()
        let before = try await server.bundle
        server.clock.now += 100 * Self.hour
        await authorities.pruneBundle()
        #expect(try await server.bundle == before)
        #expect(server.log.texts.contains("warning Pruning halted; all known CA certificates have expired"))
    }

    @Test func serverIdentityFollowsTheAuthority() async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        #expect(authorities.identity.credential == nil)
        try await authorities.start()
        let first = try #require(authorities.identity.credential)
        #expect(first.id.uri == "spiffe://example.org/spire/server")
        let prepared = try await authorities.prepare(.x509)
        #expect(authorities.identity.credential == first)
        _ = try await authorities.activate(.x509, authorityID: prepared.authorityID)
        let second = try #require(authorities.identity.credential)
        #expect(second != first)
        let issuer = try #require(try second.leaf.extensions.authorityKeyIdentifier?.keyIdentifier)
        #expect(Array(issuer).hex == prepared.authorityID)
    }

    @Test func serverIdentityIsRenewedAtHalfOfItsLife() async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        try await authorities.start()
        let first = try #require(authorities.identity.credential)
        let half = first.notBefore + first.expiresAt.timeIntervalSince(first.notBefore) / 2
        server.clock.now = half - 1
        await authorities.identity.renewIfDue()
        #expect(authorities.identity.credential == first)
        server.clock.now = half
        await authorities.identity.renewIfDue()
        #expect(authorities.identity.credential != first)
    }

    @Test func operatorCommandsAtOnceLeaveOneActiveAuthority() async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        try await authorities.start()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    guard let prepared = try? await authorities.prepare(.x509) else { return }
                    _ = try? await authorities.activate(.x509, authorityID: prepared.authorityID)
                }
                group.addTask { await authorities.rotate() }
            }
        }
        let active = try await authorities.states(of: .x509).active
        let bytes = try #require(try await server.store.journal(id: active.authorityID))
        let journal = try AuthorityJournal(bytes: bytes)
        #expect(journal.x509.filter { $0.status == .active }.map(\.authorityID) == [active.authorityID])
        #expect(try authorities.issuers.x509.authorityID == active.authorityID)
    }

    @Test func unreadableJournalIsRefusedAndLeftAsItIs() async throws {
        let server = try AuthorityServer()
        let first = try server.boot()
        try await first.start()
        let id = try await first.states(of: .x509).active.authorityID
        try await server.store.setJournal([0xff], id: id, replacing: nil, expiresAt: server.clock.now + 86400)
        let error = await #expect(throws: AuthorityError.self) { try await server.boot().start() }
        #expect(error?.code == .invalidJournal)
        #expect(error?.message.contains("\"comity server restore\"") == true)
        #expect(try await server.store.journal(id: id) == [0xff])
        #expect(try await server.bundle.x509Authorities.count == 1)
    }

    @Test func refusesOperatorBeforeStart() async throws {
        let authorities = try AuthorityServer().boot()
        await #expect(throws: AuthorityError(.notReady, "")) { try await authorities.prepare(.x509) }
        await #expect(throws: AuthorityError(.notReady, "")) { try await authorities.states(of: .jwt) }
        #expect(throws: AuthorityError(.notReady, "")) { try authorities.issuers.x509 }
    }
}
