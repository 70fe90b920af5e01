// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

/// After a crash between any two actions exactly one authority is active, and it is published (invariants 3 and 5).
@Suite struct AuthorityCrashTests {
    static let start = AuthorityFixture.now
    static let ttl: TimeInterval = 24 * 3600

    enum Scene: CaseIterable {
        case firstStart, automaticPreparation, automaticActivation, everythingEnded
        case operatorPrepares, operatorPreparesAgain, operatorActivates
    }

    @Test(arguments: [AuthorityKind.x509, .jwt], Scene.allCases) func recovers(kind: AuthorityKind, scene: Scene) throws
    {
        var cuts = 0
        for cut in 1...10 {
            var (authority, now) = try Self.stage(scene, kind)
            let before = authority.rotation.current
            let action = try Self.action(scene, &authority)
            var left = cut
            _ = try authority.run(action, now: now, cut: &left)
            guard left <= 0 else { break }
            cuts += 1
            try Self.check(authority, before: before, now: now, "after \(cut) actions")
            try authority.run(now: now)
            try Self.check(authority, before: nil, now: now, "recovered from a cut after \(cut) actions")
            let current = try #require(authority.rotation.current)
            #expect(current.expiresAt > now)
            #expect(authority.journal.filter { $0.status == .active } == [current])
        }
        #expect(cuts >= 1 && cuts < 10)
    }

    /// At any moment: what signs is published and in the journal; who signed before still does, or its successor does.
    private static func check(
        _ authority: SimulatedAuthority, before: AuthorityRecord?, now: Date, _ comment: Comment
    ) throws {
        #expect(authority.journal.filter { $0.status == .active }.count <= 1, comment)
        guard let current = authority.rotation.current else {
            #expect(before == nil, comment)
            return
        }
        #expect(authority.journal.contains(current), comment)
        let isPublished =
            current.x509Authority.map(authority.bundle.x509Authorities.contains) == true
            || current.jwtAuthority.map(authority.bundle.jwtAuthorities.contains) == true
        #expect(isPublished, comment)
    }

    private static func stage(_ scene: Scene, _ kind: AuthorityKind) throws -> (SimulatedAuthority, Date) {
        var authority = try SimulatedAuthority(kind, ttl: ttl)
        if scene == .firstStart {
            return (authority, start)
        }
        try authority.run(now: start)
        switch scene {
        case .firstStart, .operatorPrepares:
            return (authority, start)
        case .automaticPreparation:
            return (authority, start + ttl / 2 + 1)
        case .automaticActivation:
            try authority.run(now: start + ttl / 2 + 1)
            return (authority, start + ttl * 5 / 6 + 1)
        case .everythingEnded:
            try authority.run(now: start + ttl / 2 + 1)
            return (authority, start + 3 * ttl)
        case .operatorPreparesAgain, .operatorActivates:
            try authority.prepare(now: start)
            return (authority, start)
        }
    }

    private static func action(_ scene: Scene, _ authority: inout SimulatedAuthority) throws -> AuthorityRotation
        .Action?
    {
        switch scene {
        case .operatorPrepares, .operatorPreparesAgain:
            return try authority.beginPrepare()
        case .operatorActivates:
            return try authority.beginActivate(try #require(authority.rotation.next).authorityID)
        default:
            return nil
        }
    }
}
