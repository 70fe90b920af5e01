// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import SPIFFE
import Testing

@Suite struct EntryUpdateTests {
    private let stored: Entry
    private let other: Entry

    init() throws {
        stored = Entry(
            id: "one", spiffeID: try SPIFFEID("spiffe://example.org/a"),
            parentID: try SPIFFEID("spiffe://example.org/p"), selectors: [try Selector("u:1")])
        var other = Entry(
            id: "two", spiffeID: try SPIFFEID("spiffe://example.org/b"),
            parentID: try SPIFFEID("spiffe://example.org/q"), selectors: [try Selector("u:2")])
        other.x509SVIDTTL = 1
        other.jwtSVIDTTL = 2
        other.federatesWith = [try TrustDomain("other.test")]
        other.isAdmin = true
        other.isDownstream = true
        other.expiresAt = Date(timeIntervalSince1970: 3)
        other.dnsNames = ["a.test"]
        other.revisionNumber = 40
        other.storesSVID = true
        other.hint = "h"
        other.createdAt = Date(timeIntervalSince1970: 50)
        other.disablesX509SVIDPrefetch = true
        other.includesJTIInJWTSVID = true
        self.other = other
    }

    @Test(arguments: EntryField.allCases)
    func takesOneFieldAlone(_ field: EntryField) {
        let updated = stored.updated(with: other, fields: [field])
        var reverted = updated.updated(with: stored, fields: [field])
        #expect(
            (updated.updated(with: updated, fields: []) == reverted) == [.revisionNumber, .createdAt].contains(field))
        reverted.revisionNumber = 0
        #expect(reverted == stored)
    }

    @Test func takesAllButIdentityAndHistory() {
        var expected = other
        expected.id = stored.id
        expected.createdAt = stored.createdAt
        expected.revisionNumber = 1
        #expect(stored.updated(with: other, fields: Set(EntryField.allCases)) == expected)
    }
}
