// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityKeys
import ComityRegistry
import ComityServer
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing
import X509

/// A server that dies before and after every single write of a long life, each time once.
@Suite struct KilledAuthoritiesTests {
    /// What callers know when the server dies.
    private final class Witness {
        /// Authorities that have signed, and were not revoked.
        var signers: [AuthorityKind: Set<String>] = [.x509: [], .jwt: []]
        /// The last step that was confirmed; gone as soon as another is asked for.
        var confirmed: [AuthorityKind: (id: String, status: AuthorityStatus)] = [:]
    }

    @Test("killed between any two writes: one active authority, with its key, published; nothing confirmed is lost")
    func survivesEveryMoment() async throws {
        var moments = 0
        while true {
            let server = try AuthorityServer(authorityTTL: 86400)
            let lifeline = Lifeline(moments: moments)
            let witness = Witness()
            let place = "killed after \(moments) moments"
            do {
                try await live(server, lifeline, witness)
            } catch {
                // What it was doing failed because it died.
                try #require(lifeline.isCut, "\(place): \(error)")
            }
            try await checkFiles(of: server, witness, place)
            try await checkRestart(of: server, witness, place)
            guard lifeline.isCut else { break }
            moments += 1
        }
        // Keys, bundle and journal of every step below.
        #expect(moments > 60)
    }

    // MARK: - Life

    private func live(_ server: AuthorityServer, _ lifeline: Lifeline, _ witness: Witness) async throws {
        var authorities = try server.boot(dyingBy: lifeline)
        try await authorities.start()
        try await note(authorities, witness)
        for kind in [AuthorityKind.x509, .jwt] {
            try await rotate(authorities, kind, witness)
            // A successor that is replaced before it signs.
            _ = try await prepare(authorities, kind, witness)
            _ = try await prepare(authorities, kind, witness)
        }
        try await distrust(authorities, witness)
        // The next half of a life: the clock does the same.
        for _ in 0..<4 {
            server.clock.now += 43200
            witness.confirmed = [:]
            await authorities.rotate()
            try await lifeline.read {}
            try await note(authorities, witness)
        }
        authorities = try server.boot(dyingBy: lifeline)
        try await authorities.start()
        try await note(authorities, witness)
    }

    private func rotate(
        _ authorities: LocalAuthorities, _ kind: AuthorityKind, _ witness: Witness
    ) async throws {
        let prepared = try await prepare(authorities, kind, witness)
        witness.confirmed[kind] = nil
        _ = try await authorities.activate(kind, authorityID: prepared)
        witness.confirmed[kind] = (prepared, .active)
        try await note(authorities, witness)
    }

    private func prepare(
        _ authorities: LocalAuthorities, _ kind: AuthorityKind, _ witness: Witness
    ) async throws -> String {
        witness.confirmed[kind] = nil
        let id = try await authorities.prepare(kind).authorityID
        witness.confirmed[kind] = (id, .prepared)
        return id
    }

    private func distrust(_ authorities: LocalAuthorities, _ witness: Witness) async throws {
        try await rotate(authorities, .x509, witness)
        let old = try #require(try await authorities.states(of: .x509).old).authorityID
        _ = try await authorities.taint(.x509, authorityID: old)
        witness.signers[.x509]?.remove(old)
        _ = try await authorities.revoke(.x509, authorityID: old)
    }

    private func note(_ authorities: LocalAuthorities, _ witness: Witness) async throws {
        witness.signers[.x509]?.insert(try authorities.issuers.x509.authorityID)
        witness.signers[.jwt]?.insert(try authorities.issuers.jwt.keyID)
    }

    // MARK: - Checks

    /// What lies there, before anything may repair it.
    private func checkFiles(of server: AuthorityServer, _ witness: Witness, _ place: String) async throws {
        let keys = try await server.keys.keys()
        guard let journal = try await server.store.journal(of: keys) else {
            // It never came to sign.
            #expect(witness.signers[.x509] == [], "\(place): no journal")
            return
        }
        let bundle = try await server.bundle
        for kind in [AuthorityKind.x509, .jwt] {
            let records = journal[kind]
            let active = records.filter { $0.status == .active }
            #expect(
                active.count == 1 || (records.isEmpty && witness.signers[kind] == []), "\(place): \(kind) \(active)")
            // The last authority of a slot needs its key, unless a successor has begun to take its place: then the
            // journal does not know the key yet.
            for slot in AuthoritySlot.allCases {
                guard let last = records.last(where: { $0.slot == slot }), last.status != .old else { continue }
                let key = keys.first { $0.id == slot.keyID(kind) }
                let isFresh = key.map { key in !records.contains { $0.isKey(key, kind) } } ?? false
                let isHeld = key.map { last.isUsable(kind, key: $0, bundle: bundle) } ?? false
                #expect(isHeld || (isFresh && last.status == .prepared), "\(place): \(kind) key of slot \(slot)")
            }
            if let confirmed = witness.confirmed[kind] {
                let record = records.last { $0.authorityID == confirmed.id }
                #expect(record?.status == confirmed.status, "\(place): \(kind) \(confirmed)")
            }
        }
    }

    /// The server comes up from it, signs by what is published, and can go on.
    private func checkRestart(of server: AuthorityServer, _ witness: Witness, _ place: String) async throws {
        let authorities = try server.boot()
        try await authorities.start()
        for kind in [AuthorityKind.x509, .jwt] {
            let published = try await published(server, kind)
            let signer =
                kind == .x509 ? try authorities.issuers.x509.authorityID : try authorities.issuers.jwt.keyID
            #expect(published.contains(signer), "\(place): \(kind) signs unpublished")
            #expect(published.isSuperset(of: witness.signers[kind] ?? []), "\(place): \(kind) lost what has signed")
            let states = try await authorities.states(of: kind)
            #expect(states.active.authorityID == signer, "\(place)")
            if let confirmed = witness.confirmed[kind] {
                let found = confirmed.status == .active ? states.active : states.prepared
                #expect(found?.authorityID == confirmed.id, "\(place): \(kind) \(confirmed)")
            }
            let next = try await authorities.prepare(kind)
            _ = try await authorities.activate(kind, authorityID: next.authorityID)
            #expect(try await authorities.states(of: kind).active.authorityID == next.authorityID, "\(place)")
        }
    }

    private func published(_ server: AuthorityServer, _ kind: AuthorityKind) async throws -> Set<String> {
        let bundle = try await server.bundle
        return switch kind {
        case .x509: Set(bundle.x509Authorities.map(\.subjectKeyIdentifier.hex))
        case .jwt: Set(bundle.jwtAuthorities.map(\.keyID))
        }
    }
}

extension AuthorityRecord {
    fileprivate func isKey(_ key: SigningKey, _ kind: AuthorityKind) -> Bool {
        switch kind {
        case .x509: x509Authority?.certificate.publicKey == key.publicKey
        case .jwt: jwtAuthority?.publicKey == key.publicKey
        }
    }
}
