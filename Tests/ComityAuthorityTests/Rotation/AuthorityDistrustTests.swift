// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTesting
import FoundationEssentials
import Testing

/// Whom an operator may take trust from.
@Suite struct AuthorityDistrustTests {
    private static let start = AuthorityFixture.now

    /// The authorities of a server that was rotated by hand: old ones, one that was prepared in vain, and the present.
    private struct Scene {
        var authority: SimulatedAuthority
        var ids: [String: String] = [:]

        init(_ kind: AuthorityKind) throws {
            authority = try SimulatedAuthority(kind, ttl: 86400)
            try authority.run(now: start)
            ids["oldest"] = authority.rotation.current?.authorityID
            try activateNext()
            ids["old"] = authority.rotation.current?.authorityID
            try activateNext()
            ids["current"] = authority.rotation.current?.authorityID
            try authority.prepare(now: start)
            ids["superseded"] = authority.rotation.next?.authorityID
            try authority.prepare(now: start)
            ids["prepared"] = authority.rotation.next?.authorityID
            ids["unknown"] = "00"
            try authority.restart()
        }

        private mutating func activateNext() throws {
            try authority.prepare(now: start)
            try authority.activate(try #require(authority.rotation.next).authorityID, now: start)
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        /// `nil`: it may be done.
        var taint: String?
        var revokeX509: String?
        var revokeJWT: String?
        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "current", taint: "unable to taint current local authority",
            revokeX509: "unable to use current authority", revokeJWT: "unable to use current authority"),
        Case(
            name: "prepared",
            taint: "only Old local authorities can be tainted: unsupported local authority status: PREPARED",
            revokeX509: "only Old local authority can be revoked", revokeJWT: "unable to use a prepared key"),
        Case(name: "superseded"),
        Case(name: "old"),
        Case(name: "oldest"),
        Case(
            name: "unknown", taint: "unexpected authority ID", revokeX509: "only Old local authority can be revoked",
            revokeJWT: "no JWT authority found with provided authority ID"),
    ]

    @Test("old authorities can be tainted and revoked, whatever was prepared since", arguments: cases)
    func judges(scenario: Case) throws {
        for kind in [AuthorityKind.x509, .jwt] {
            let scene = try Scene(kind)
            let id = try #require(scene.ids[scenario.name])
            let rotation = scene.authority.rotation
            #expect(refusal { _ = try rotation.taintableAuthority(id: id) } == scenario.taint)
            #expect(
                refusal { try rotation.requireRevocable(id: id, kind, isTainted: false) }
                    == (kind == .x509 ? scenario.revokeX509 : scenario.revokeJWT))
        }
    }

    @Test("what is tainted can be revoked by another server, but not what signs") func revokesForOthers() throws {
        let scene = try Scene(.x509)
        let rotation = scene.authority.rotation
        #expect(refusal { try rotation.requireRevocable(id: "00", .x509, isTainted: true) } == nil)
        let current = try #require(scene.ids["current"])
        #expect(
            refusal { try rotation.requireRevocable(id: current, .x509, isTainted: true) }
                == "unable to use current authority")
    }

    @Test func needsAnActiveAuthority() throws {
        let rotation = try SimulatedAuthority(.jwt, ttl: 86400).rotation
        #expect(throws: AuthorityError(.notReady, "")) { try rotation.taintableAuthority(id: "00") }
        #expect(throws: AuthorityError(.notReady, "")) {
            try rotation.requireRevocable(id: "00", .jwt, isTainted: true)
        }
    }

    private func refusal(_ work: () throws -> Void) -> String? {
        do {
            try work()
            return nil
        } catch {
            return "\(error)"
        }
    }
}
