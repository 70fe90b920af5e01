// SPDX-License-Identifier: Apache-2.0

import ServerAPIProtos
import SwiftProtobuf
import Testing

@testable import ComityCommands

@Suite struct EntryTextTests {
    private static let full = Spire_Api_Types_Entry.with {
        $0.id = "6e0a"
        $0.spiffeID = .with { ($0.trustDomain, $0.path) = ("example.org", "/web") }
        $0.parentID = .with { ($0.trustDomain, $0.path) = ("example.org", "/node") }
        $0.revisionNumber = 3
        $0.downstream = true
        $0.x509SvidTtl = 60
        $0.expiresAt = 1_767_225_600
        $0.selectors = [.with { ($0.type, $0.value) = ("unix", "uid:1000") }]
        $0.federatesWith = ["beta.test"]
        $0.dnsNames = ["web.example.org"]
        $0.admin = true
        $0.storeSvid = true
        $0.hint = "internal"
        $0.additionalAttributes.disableX509SvidPrefetch = true
        $0.additionalAttributes.jwtSvidIncludeJti = true
    }

    @Test func blockHasEveryFieldInOrder() {
        #expect(
            EntryText.block(Self.full) == """
                Entry ID                : 6e0a
                SPIFFE ID               : spiffe://example.org/web
                Parent ID               : spiffe://example.org/node
                Revision                : 3
                Downstream              : true
                X509-SVID TTL           : 60
                JWT-SVID TTL            : default
                Expiration time         : 2026-01-01 00:00:00 +0000 UTC
                Selector                : unix:uid:1000
                FederatesWith           : beta.test
                DNS name                : web.example.org
                Admin                   : true
                StoreSvid               : true
                Hint                    : internal
                DisableX509SvidPrefetch : true
                JwtSvidIncludeJti       : true


                """)
    }

    @Test func listCountsAndLeavesOutWhatIsUnset() {
        let bare = Spire_Api_Types_Entry.with {
            $0.spiffeID = .with { ($0.trustDomain, $0.path) = ("example.org", "/web") }
            $0.parentID = .with { ($0.trustDomain, $0.path) = ("example.org", "/node") }
        }
        #expect(
            EntryText.list([bare]) == """
                Found 1 entry
                Entry ID                : (none)
                SPIFFE ID               : spiffe://example.org/web
                Parent ID               : spiffe://example.org/node
                Revision                : 0
                X509-SVID TTL           : default
                JWT-SVID TTL            : default


                """)
        #expect(EntryText.list([]) == "Found 0 entries\n")
    }

    @Test func failuresNameCodeAndMessage() {
        let outcomes = EntryOutcomes(
            verb: "create",
            outcomes: [
                .init(
                    status: .with { ($0.code, $0.message) = (6, "similar \"entry\" already exists") }, entry: Self.full)
            ])
        #expect(outcomes.succeeded.isEmpty)
        #expect(
            outcomes.failed?.hasPrefix(
                "Failed to create the following entry (code: AlreadyExists, msg: \"similar \\\"entry\\\" already exists\"):\n"
                    + "Entry ID                : 6e0a\n") == true)
    }

    @Test func jsonHasUnsetFieldsSortedOnOneLine() {
        #expect(
            AnswerJSON.line([Spire_Api_Types_Entry.with { $0.expiresAt = 5 }.json]) == """
                {"admin":false,"created_at":"0","dns_names":[],"downstream":false,"expires_at":"5","federates_with":[],\
                "hint":"","id":"","jwt_svid_ttl":0,"revision_number":"0","selectors":[],"store_svid":false,"x509_svid_ttl":0}

                """)
    }

    @Test func jsonOfAFullEntryHasItsAttributes() {
        #expect(
            AnswerJSON.line([Self.full.json]) == """
                {"additional_attributes":{"disable_x509_svid_prefetch":true,"jwt_svid_include_jti":true},"admin":true,\
                "created_at":"0","dns_names":["web.example.org"],"downstream":true,"expires_at":"1767225600",\
                "federates_with":["beta.test"],"hint":"internal","id":"6e0a","jwt_svid_ttl":0,\
                "parent_id":{"path":"/node","trust_domain":"example.org"},"revision_number":"3",\
                "selectors":[{"type":"unix","value":"uid:1000"}],\
                "spiffe_id":{"path":"/web","trust_domain":"example.org"},"store_svid":true,"x509_svid_ttl":60}

                """)
    }

    @Test func outcomesTellWhatSucceededBeforeWhatFailed() {
        let outcomes = EntryOutcomes(
            verb: "update",
            outcomes: [
                .init(status: .with { $0.message = "OK" }, entry: .with { $0.id = "good" }),
                .init(
                    status: .with { ($0.code, $0.message) = (5, "failed to update entry") },
                    entry: .with { $0.id = "bad" }),
            ])
        #expect(outcomes.succeeded.hasPrefix("Entry ID                : good\n"))
        #expect(!outcomes.succeeded.contains("bad"))
        #expect(
            outcomes.failed?.hasPrefix(
                "Failed to update the following entry (code: NotFound, msg: \"failed to update entry\"):\n"
                    + "Entry ID                : bad\n") == true)
        let json = AnswerJSON.line([outcomes.json])
        #expect(json.hasPrefix("{\"results\":[{\"entry\":{\"admin\":false,"))
        #expect(json.contains("\"id\":\"good\""))
        #expect(json.contains("\"status\":{\"code\":0,\"message\":\"OK\"}"))
        #expect(json.hasSuffix("\"status\":{\"code\":5,\"message\":\"failed to update entry\"}}]}\n"))
    }

    private static func deletion(_ codes: [(id: String, code: Int32)]) -> EntryDeletion {
        EntryDeletion(
            results: codes.map { result in
                .with {
                    $0.id = result.id
                    $0.status = .with { ($0.code, $0.message) = (result.code, "entry not found") }
                }
            })
    }

    @Test func deletionTellsOfEachAndSumsUp() {
        let all = Self.deletion([("a", 0), ("b", 0)])
        #expect(all.succeeded == "Deleted entry with ID: a\nDeleted entry with ID: b\n\n\n")
        #expect(all.failed.isEmpty)
        #expect(all.summary == "Deleted 2 entries successfully\n")
        let some = Self.deletion([("a", 0), ("b", 5)])
        #expect(some.succeeded == "Deleted entry with ID: a\n\n\n")
        #expect(some.failed == "Failed to delete entry with ID b (code: NotFound, msg: \"entry not found\")\n")
        #expect(some.summary == "\n\nDeleted 1 entries successfully, but failed to delete 1 entries\n")
        let none = Self.deletion([("b", 5)])
        #expect(none.succeeded.isEmpty)
        #expect(none.summary == "\n\nFailed to delete 1 entries\n")
    }
}
