// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE
import Testing

@Suite struct EntryPolicyTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var message: String
        var change: @Sendable (inout Entry) throws -> Void

        init(_ message: String, _ change: @escaping @Sendable (inout Entry) throws -> Void) {
            testDescription = message
            self.message = message
            self.change = change
        }
    }

    private let policy: EntryPolicy

    init() throws {
        policy = EntryPolicy(trustDomain: try TrustDomain("example.org"))
    }

    private func entry() throws -> Entry {
        Entry(
            spiffeID: try SPIFFEID("spiffe://example.org/web"),
            parentID: try SPIFFEID("spiffe://example.org/spire/agent/join_token/a"),
            selectors: [try Selector("unix:uid:1000")])
    }

    static let faults = [
        Fault(#"invalid parent ID: "spiffe://other.test/a" is not a member of trust domain "example.org""#) {
            $0.parentID = try SPIFFEID("spiffe://other.test/a")
        },
        Fault(
            #"invalid parent ID: "spiffe://example.org" is not a member of trust domain "example.org"; path is empty"#
        ) {
            $0.parentID = try SPIFFEID("spiffe://example.org")
        },
        Fault(#"invalid spiffe ID: "spiffe://other.test/a" is not a member of trust domain "example.org""#) {
            $0.spiffeID = try SPIFFEID("spiffe://other.test/a")
        },
        Fault(
            #"invalid spiffe ID: "spiffe://example.org" is not a workload in trust domain "example.org"; path is empty"#
        ) {
            $0.spiffeID = try SPIFFEID("spiffe://example.org")
        },
        Fault(
            #"invalid spiffe ID: "spiffe://example.org/spire/x" is not a workload in trust domain "example.org"; "#
                + "path is in the reserved namespace"
        ) {
            $0.spiffeID = try SPIFFEID("spiffe://example.org/spire/x")
        },
        Fault("selector list is empty") { $0.selectors = [] },
        Fault("invalid DNS name: too many wildcards") { $0.dnsNames = ["ok.test", "*.*.test"] },
        Fault("hint is too long, max length is 1024 characters") { $0.hint = String(repeating: "x", count: 1025) },
        Fault("hint is too long, max length is 1024 characters") { $0.hint = String(repeating: "ü", count: 513) },
        Fault("hint contains a NUL byte") { $0.hint = "a\0b" },
    ]

    @Test(arguments: faults)
    func refuses(_ fault: Fault) throws {
        var entry = try entry()
        try fault.change(&entry)
        #expect(message { try policy.check(entry) } == fault.message)
        #expect(message { try policy.check(entry, fields: [.expiresAt]) } == nil)
    }

    @Test(arguments: ["/spire/server", "/spire/agent/join_token/a", "/spire", "/any"])
    func takesEveryParentWithAPath(_ path: String) throws {
        var entry = try entry()
        entry.parentID = try SPIFFEID("spiffe://example.org\(path)")
        #expect(message { try policy.check(entry) } == nil)
    }

    @Test func takesAPathThatOnlyLooksReserved() throws {
        var entry = try entry()
        entry.spiffeID = try SPIFFEID("spiffe://example.org/spirext/a")
        #expect(message { try policy.check(entry) } == nil)
    }

    static let unstorable = [
        Fault("missing selector list") { $0.selectors = [] },
        Fault("selector types must be the same when store SVID is enabled") {
            $0.storesSVID = true
            $0.selectors.insert(try Selector("docker:label:a"))
        },
        Fault("X.509-SVID prefetch cannot be disabled when store SVID is enabled") {
            $0.storesSVID = true
            $0.disablesX509SVIDPrefetch = true
        },
        Fault("entry ID too long") { $0.id = String(repeating: "a", count: 256) },
        Fault("entry ID contains invalid characters") { $0.id = "a/b" },
        Fault("entry ID contains invalid characters") { $0.id = "ä" },
        Fault("X509SvidTtl is not set") { $0.x509SVIDTTL = -1 },
        Fault("JwtSvidTtl is not set") { $0.jwtSVIDTTL = -1 },
    ]

    @Test(arguments: unstorable)
    func refusesToStore(_ fault: Fault) throws {
        var entry = try entry()
        try fault.change(&entry)
        #expect(
            message { try EntryPolicy.checkStorable(entry) }
                == "datastore-validation: invalid registration entry: \(fault.message)")
    }

    @Test("WAPI-48: a hint has at most 1024 bytes", arguments: ["x", "ü"]) func boundsHints(character: String) throws {
        var entry = try entry()
        entry.hint = String(repeating: character, count: 1024 / character.utf8.count)
        #expect(message { try policy.check(entry) } == nil)
        entry.hint += "x"
        #expect(entry.hint.utf8.count == 1025)
        #expect(message { try policy.check(entry) } == "hint is too long, max length is 1024 characters")
    }

    @Test func storesAnEntryAtItsLimits() throws {
        var entry = try entry()
        entry.id = String(repeating: "aZ0.-", count: 51)
        entry.hint = String(repeating: "x", count: 1024)
        entry.storesSVID = true
        #expect(message { try policy.check(entry) } == nil)
        #expect(message { try EntryPolicy.checkStorable(entry) } == nil)
    }

    private func message(_ work: () throws -> Void) -> String? {
        do {
            try work()
            return nil
        } catch {
            return (error as? RegistryError)?.message
        }
    }
}
