// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityWire
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing

@Suite struct EntryFilterProtoTests {
    typealias Filter = Spire_Api_Server_Entry_V1_ListEntriesRequest.Filter

    private let trustDomain: TrustDomain

    init() throws {
        trustDomain = try TrustDomain("example.org")
    }

    @Test func takesAnEmptyFilterForEverything() throws {
        #expect(try EntryFilter(Filter(), trustDomain: trustDomain) == EntryFilter())
    }

    @Test(arguments: [
        (Spire_Api_Types_SelectorMatch.MatchBehavior.matchExact, SetMatch<Selector>.Behavior.exact),
        (.matchSubset, .subset), (.matchSuperset, .superset), (.matchAny, .any),
    ])
    func readsEveryClause(
        _ proto: Spire_Api_Types_SelectorMatch.MatchBehavior, _ behavior: SetMatch<Selector>.Behavior
    ) throws {
        var expected = EntryFilter()
        expected.spiffeID = try SPIFFEID("spiffe://example.org/a")
        expected.parentID = try SPIFFEID("spiffe://example.org/spire/server")
        expected.selectors = SetMatch([try Selector("u:1")], behavior)
        expected.federatesWith = SetMatch([try TrustDomain("other.test")], .any)
        expected.hint = ""
        expected.isDownstream = true
        var filter = Filter()
        filter.bySpiffeID = Spire_Api_Types_SPIFFEID(try SPIFFEID("spiffe://example.org/a"))
        filter.byParentID = Spire_Api_Types_SPIFFEID(try SPIFFEID("spiffe://example.org/spire/server"))
        filter.bySelectors.selectors = [Spire_Api_Types_Selector(try Selector("u:1"))]
        filter.bySelectors.match = proto
        filter.byFederatesWith.trustDomains = ["other.test"]
        filter.byFederatesWith.match = .matchAny
        filter.byHint = Google_Protobuf_StringValue("")
        filter.byDownstream = Google_Protobuf_BoolValue(true)
        #expect(try EntryFilter(filter, trustDomain: trustDomain) == expected)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var change: @Sendable (inout Filter) -> Void

        init(_ text: String, _ change: @escaping @Sendable (inout Filter) -> Void) {
            testDescription = text
            self.change = change
        }
    }

    static let faults = [
        Fault(#"malformed SPIFFE ID filter: "spiffe://other.test/a" is not a member of trust domain "example.org""#) {
            $0.bySpiffeID.trustDomain = "other.test"
            $0.bySpiffeID.path = "/a"
        },
        Fault("malformed parent ID filter: trust domain is missing") { $0.byParentID = .init() },
        Fault("malformed selectors filter: empty selector set") { $0.bySelectors = .init() },
        Fault("malformed selectors filter: missing selector type") { $0.bySelectors.selectors = [.init()] },
        Fault("malformed federates with filter: empty trust domain set") { $0.byFederatesWith = .init() },
        Fault("malformed federates with filter: trust domain is missing") { $0.byFederatesWith.trustDomains = [""] },
    ]

    @Test(arguments: faults)
    func refuses(_ fault: Fault) throws {
        var filter = Filter()
        fault.change(&filter)
        #expect {
            try EntryFilter(filter, trustDomain: trustDomain)
        } throws: { error in
            let error = error as? APIError
            return error?.text == fault.testDescription && error?.code == .invalidArgument
        }
    }
}
