// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import SPIFFE
import Testing

@Suite struct EntryFilterTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var expected: [String]
        var filter: @Sendable (inout EntryFilter) throws -> Void

        init(_ name: String, _ expected: [String], _ filter: @escaping @Sendable (inout EntryFilter) throws -> Void) {
            testDescription = name
            self.expected = expected
            self.filter = filter
        }
    }

    private static func selectors(_ texts: [String], _ behavior: SetMatch<Selector>.Behavior) throws -> SetMatch<
        Selector
    > {
        SetMatch(Set(try texts.map { try Selector($0) }), behavior)
    }

    private static func trustDomains(
        _ names: [String], _ behavior: SetMatch<TrustDomain>.Behavior
    ) throws -> SetMatch<TrustDomain> {
        SetMatch(Set(try names.map { try TrustDomain($0) }), behavior)
    }

    /// Entries of the store, by path: /a {u:1}, /ab {u:1, u:2}, /abc {u:1, u:2, u:3}, /d {u:4}.
    static let cases = [
        Case("all", ["/a", "/ab", "/abc", "/d"]) { _ in },
        Case("SPIFFE ID", ["/ab"]) { $0.spiffeID = try SPIFFEID("spiffe://example.org/ab") },
        Case("parent", ["/d"]) { $0.parentID = try SPIFFEID("spiffe://example.org/other") },
        Case("hint", ["/a"]) { $0.hint = "external" },
        Case("empty hint", ["/ab", "/abc", "/d"]) { $0.hint = "" },
        Case("hint with NUL", []) { $0.hint = "external\0" },
        Case("downstream", ["/d"]) { $0.isDownstream = true },
        Case("not downstream filters nothing", ["/a", "/ab", "/abc", "/d"]) { $0.isDownstream = false },
        Case("exact", ["/ab"]) { $0.selectors = try selectors(["u:1", "u:2"], .exact) },
        Case("subset", ["/a", "/ab"]) { $0.selectors = try selectors(["u:1", "u:2"], .subset) },
        Case("superset", ["/ab", "/abc"]) { $0.selectors = try selectors(["u:1", "u:2"], .superset) },
        Case("any", ["/abc", "/d"]) { $0.selectors = try selectors(["u:3", "u:4", "u:5"], .any) },
        Case("canonically equivalent text is another text", []) { $0.selectors = try selectors(["u:e\u{301}"], .any) },
        Case("federates exactly", ["/a"]) { $0.federatesWith = try trustDomains(["x.test"], .exact) },
        Case("federates superset", ["/a", "/ab"]) { $0.federatesWith = try trustDomains(["x.test"], .superset) },
        Case("federates subset, never with none", ["/a"]) { $0.federatesWith = try trustDomains(["x.test"], .subset) },
        Case("all at once", ["/ab"]) {
            $0.selectors = try selectors(["u:2"], .any)
            $0.federatesWith = try trustDomains(["y.test"], .any)
        },
    ]

    @Test(arguments: StoreKind.allCases, cases)
    func listsAndCountsTheSame(_ kind: StoreKind, _ aCase: Case) async throws {
        try await kind.withStore { store in
            try await Self.fill(store)
            var filter = EntryFilter()
            try aCase.filter(&filter)
            let listed = try await store.listEntries(filter, page: .all)
            #expect(listed.items.map(\.spiffeID.path) == aCase.expected)
            #expect(listed.nextToken.isEmpty)
            #expect(try await store.countEntries(filter) == aCase.expected.count)
        }
    }

    private static func fill(_ store: any EntryStore) async throws {
        var a = try Entry.fixture("/a", selectors: ["u:1"])
        a.hint = "external"
        a.federatesWith = [try TrustDomain("x.test")]
        var ab = try Entry.fixture("/ab", selectors: ["u:1", "u:2"])
        ab.federatesWith = [try TrustDomain("x.test"), try TrustDomain("y.test")]
        let abc = try Entry.fixture("/abc", selectors: ["u:1", "u:2", "u:3", "u:\u{e9}"])
        var d = try Entry.fixture("/d", parent: "/other", selectors: ["u:4"])
        d.isDownstream = true
        for entry in [a, ab, abc, d] {
            _ = try await store.create(entry)
        }
    }
}
