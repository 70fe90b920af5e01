// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ServerAPIProtos
import Testing

@testable import ComityCommands

@Suite struct EntryFileTests {
    @Test func readsEveryField() throws {
        let entries = try EntryFile.entries(
            in: Array(
                #"""
                {"entries": [{"entry_id": "e", "spiffe_id": "spiffe://a/w", "parent_id": "spiffe://a/n",
                  "selectors": [{"type": "unix", "value": "uid:1"}], "x509_svid_ttl": 60, "jwt_svid_ttl": 30,
                  "federates_with": ["spiffe://b", "c"], "admin": true, "downstream": true, "entry_expiry": 5,
                  "dns_names": ["d"], "store_svid": true, "hint": "h", "jwt_svid_include_jti": true}]}
                """#.utf8))
        let entry = try #require(entries.first)
        #expect(entry.id == "e" && entry.spiffeID.text == "spiffe://a/w" && entry.parentID.text == "spiffe://a/n")
        #expect(entry.selectors.map(\.value) == ["uid:1"] && entry.x509SvidTtl == 60 && entry.jwtSvidTtl == 30)
        #expect(entry.federatesWith == ["b", "c"] && entry.admin && entry.downstream && entry.expiresAt == 5)
        #expect(entry.dnsNames == ["d"] && entry.storeSvid && entry.hint == "h")
        #expect(entry.additionalAttributes.jwtSvidIncludeJti && !entry.additionalAttributes.disableX509SvidPrefetch)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"entries": []}"#, #"{"entries": [1]}"#, #"{"entries": [{"spiffe_id": 1}]}"#,
        #"{"entries": [{"spiffe_id": "spiffe://a/w", "parent_id": "x"}]}"#,
        #"{"entries": [{"spiffe_id": "spiffe://a/w", "parent_id": "spiffe://a/n", "x509_svid_ttl": 3000000000}]}"#,
        #"{"entries": [{"spiffe_id": "spiffe://a/w", "parent_id": "spiffe://a/n", "selectors": [{"type": 1}]}]}"#,
    ])
    func refusesWhatItCannotRead(_ text: String) {
        #expect(throws: CommandError(.input, "")) { try EntryFile.entries(in: Array(text.utf8)) }
    }

    @Test(arguments: [
        ([], "at least one selector is required"),
        (["-selector=a:b"], "a parent ID is required if the node flag is not set"),
        (["-selector=a:b", "-parentID=spiffe://a/n"], "a SPIFFE ID is required"),
        (
            ["-selector=ab", "-parentID=spiffe://a/n", "-spiffeID=spiffe://a/w"],
            "selector \"ab\" must be formatted as type:value"
        ),
        (
            ["-selector=a:b", "-parentID=spiffe://a/n", "-spiffeID=spiffe://a/w", "-x509SVIDTTL=-1"],
            "a positive x509-SVID TTL is required"
        ),
        (
            ["-selector=a:b", "-parentID=spiffe://a/n", "-spiffeID=spiffe://a/w", "-jwtSVIDTTL=-1"],
            "a positive JWT-SVID TTL is required"
        ),
    ])
    func flagsNameWhatIsMissing(_ arguments: [String], _ message: String) throws {
        let flags = try EntryFlags.parse(arguments)
        let error = #expect(throws: CommandError.self) { try flags.entry() }
        #expect(error?.message == message)
    }

    @Test func nodeEntriesHaveTheServerAsParentAndDoNotFederate() throws {
        let plain = try EntryFlags.parse(["-selector=a:b", "-spiffeID=spiffe://a/n"])
        #expect(try plain.entry(isNode: true).parentID.text == "spiffe://a/spire/server")
        let federated = try EntryFlags.parse(["-selector=a:b", "-spiffeID=spiffe://a/n", "-federatesWith=b"])
        let error = #expect(throws: CommandError.self) { try federated.entry(isNode: true) }
        #expect(error?.message == "node entries can not federate")
    }
}
