// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityServer
import ComityStorage
import FoundationEssentials
import SPIFFE
import Testing
import X509

/// Taint and revoke over a real store and real keys.
@Suite struct AuthorityDistrustTests {
    private static let kinds: [AuthorityKind] = [.x509, .jwt]

    /// Rotates once by hand; answers with the authority that is old then.
    private func rotate(_ authorities: LocalAuthorities, _ kind: AuthorityKind) async throws -> String {
        let old = try await authorities.states(of: kind).active.authorityID
        let prepared = try await authorities.prepare(kind)
        _ = try await authorities.activate(kind, authorityID: prepared.authorityID)
        return old
    }

    @Test("FED-46: taint marks, revoke removes, each with a new sequence number", arguments: kinds)
    func distrusts(kind: AuthorityKind) async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        try await authorities.start()
        let old = try await rotate(authorities, kind)
        let before = try #require(try await server.record)

        let tainted = try await authorities.taint(kind, authorityID: old)
        let marked = try #require(try await server.record)
        #expect(tainted.authorityID == old)
        #expect(marked.taintedIDs(kind) == [old])
        #expect(marked.ids(kind) == before.ids(kind))
        #expect(marked.bundle.sequenceNumber == before.bundle.sequenceNumber.map { $0 + 1 })

        let revoked = try await authorities.revoke(kind, authorityID: old)
        let left = try #require(try await server.record)
        #expect(revoked?.authorityID == old)
        #expect(left.ids(kind) == before.ids(kind).subtracting([old]))
        #expect(left.taintedIDs(kind).isEmpty)
        #expect(left.bundle.sequenceNumber == before.bundle.sequenceNumber.map { $0 + 2 })

        // The rest goes on as if it had never been, after a restart as well.
        let active = try await authorities.states(of: kind).active
        let restarted = try server.boot()
        try await restarted.start()
        #expect(try await restarted.states(of: kind).active == active)
        #expect(try await server.record == left)
    }

    @Test("an authority whose slot was prepared again can still be tainted and revoked", arguments: kinds)
    func reachesOlderAuthorities(kind: AuthorityKind) async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        try await authorities.start()
        let oldest = try await rotate(authorities, kind)
        let superseded = try await authorities.prepare(kind).authorityID
        let old = try await rotate(authorities, kind)
        let restarted = try server.boot()
        try await restarted.start()
        for id in [oldest, superseded, old] {
            _ = try await restarted.taint(kind, authorityID: id)
            _ = try await restarted.revoke(kind, authorityID: id)
        }
        let active = try await restarted.states(of: kind).active.authorityID
        #expect(try await server.record?.ids(kind) == [active])
    }

    @Test func serverNeverProvesItselfByATaintedAuthority() async throws {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        try await authorities.start()
        let old = try await rotate(authorities, .x509)
        _ = try await authorities.taint(.x509, authorityID: old)
        let leaf = try #require(authorities.identity.credential).leaf
        let signer = try #require(try leaf.extensions.authorityKeyIdentifier?.keyIdentifier)
        #expect(Array(signer).hex != old)
    }

    @Test("what is tainted is still pruned in time") func prunesTainted() async throws {
        let server = try AuthorityServer(authorityTTL: 3600)
        let authorities = try server.boot()
        try await authorities.start()
        let old = try await rotate(authorities, .x509)
        _ = try await authorities.taint(.x509, authorityID: old)
        server.clock.now += 7200
        await authorities.rotate()
        server.clock.now += 90000
        await authorities.rotate()
        await authorities.pruneBundle()
        let record = try #require(try await server.record)
        #expect(record.taintedX509Authorities.isEmpty)
        #expect(!record.ids(.x509).contains(old))
    }
}

extension AuthorityServer {
    fileprivate var record: BundleRecord? {
        get async throws { try await store.bundle(of: trustDomain) }
    }
}

extension BundleRecord {
    fileprivate func ids(_ kind: AuthorityKind) -> Set<String> {
        switch kind {
        case .x509: Set(bundle.x509Authorities.map(\.subjectKeyIdentifier.hex))
        case .jwt: Set(bundle.jwtAuthorities.map(\.keyID))
        }
    }

    fileprivate func taintedIDs(_ kind: AuthorityKind) -> Set<String> {
        switch kind {
        case .x509: Set(taintedX509Authorities.map(\.subjectKeyIdentifier.hex))
        case .jwt: taintedJWTKeyIDs
        }
    }
}
