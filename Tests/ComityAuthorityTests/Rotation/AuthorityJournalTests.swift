// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTesting
import FoundationEssentials
import Testing

@Suite struct AuthorityJournalTests {
    private func journal() throws -> AuthorityJournal {
        let fixture = try AuthorityFixture()
        var journal = AuthorityJournal()
        journal.revision = 7
        var active = AuthorityRecord(x509: fixture.ca, slot: .a, now: AuthorityFixture.now)
        active.status = .active
        journal.x509 = [active]
        journal.jwt = [try AuthorityRecord(jwt: fixture.jwtKey, slot: .b, ttl: 90000, now: AuthorityFixture.now)]
        return journal
    }

    @Test func comesBackAsItWas() throws {
        let journal = try journal()
        #expect(try AuthorityJournal(bytes: journal.encoded()) == journal)
    }

    @Test func isNamedByTheActiveAuthority() throws {
        var journal = try journal()
        #expect(journal.id == journal.x509[0].authorityID)
        #expect(journal.expiresAt == AuthorityFixture.now + 90000)
        journal.x509[0].status = .prepared
        #expect(journal.id == nil)
    }

    @Test func refusesDamage() throws {
        let bytes = try journal().encoded()
        for damaged in [[], Array(bytes.dropLast()), Array("{}".utf8), Array("{\"version\":2}".utf8), [0, 1, 2]] {
            #expect(throws: AuthorityError(.invalidJournal, "")) { try AuthorityJournal(bytes: damaged) }
        }
        let newer = String(decoding: bytes, as: UTF8.self).replacing("\"version\":1", with: "\"version\":2")
        let error = #expect(throws: AuthorityError.self) { try AuthorityJournal(bytes: Array(newer.utf8)) }
        #expect(error?.message == "journal is of version 2; this program reads 1")
        let huge = [UInt8](repeating: 0x20, count: AuthorityJournal.maximumSize + 1)
        #expect(throws: AuthorityError(.invalidJournal, "")) { try AuthorityJournal(bytes: huge) }
    }
}
