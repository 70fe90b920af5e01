// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// Which entries are shown or counted.
struct EntryFilterFlags: ParsableArguments {
    @Option(name: .flag("parentID"), help: "The parent ID of the records.")
    var parentID = ""

    @Option(name: .flag("spiffeID"), help: "The SPIFFE ID of the records.")
    var spiffeID = ""

    @Option(name: .flag("selector"), help: "A colon-delimited type:value selector. Can be used more than once.")
    var selector: [String] = []

    @Option(
        name: .flag("federatesWith"),
        help: "SPIFFE ID of a trust domain an entry federates with. Can be used more than once.")
    var federatesWith: [String] = []

    @Option(name: .flag("hint"), help: "The hint of the records.")
    var hint = ""

    @Option(
        name: .flag("matchSelectorsOn"), help: "How selectors are compared: exact, any, superset or subset.")
    var matchSelectorsOn = "superset"

    @Option(
        name: .flag("matchFederatesWithOn"), help: "How trust domains are compared: exact, any, superset or subset.")
    var matchFederatesWithOn = "superset"

    @Flag(name: .flag("downstream"), help: "Only entries of downstream servers.")
    var downstream = false

    var isEmpty: Bool {
        parentID.isEmpty && spiffeID.isEmpty && selector.isEmpty && federatesWith.isEmpty && hint.isEmpty && !downstream
    }

    /// - Throws: ``CommandError`` with code `input`.
    func filter() throws(CommandError) -> Spire_Api_Server_Entry_V1_ListEntriesRequest.Filter {
        var filter = Spire_Api_Server_Entry_V1_ListEntriesRequest.Filter()
        if !parentID.isEmpty { filter.byParentID = try Spire_Api_Types_SPIFFEID(argument: parentID) }
        if !spiffeID.isEmpty { filter.bySpiffeID = try Spire_Api_Types_SPIFFEID(argument: spiffeID) }
        if !selector.isEmpty {
            filter.bySelectors = try Spire_Api_Types_SelectorMatch(
                arguments: selector, try Self.match(matchSelectorsOn))
        }
        if !federatesWith.isEmpty {
            for text in federatesWith {
                filter.byFederatesWith.trustDomains.append(try TrustDomain(argument: text).name)
            }
            filter.byFederatesWith.match = try Self.match(matchFederatesWithOn).federatesWith
        }
        if !hint.isEmpty { filter.byHint = .init(hint) }
        if downstream { filter.byDownstream = true }
        return filter
    }

    private static func match(_ text: String) throws(CommandError) -> MatchArgument {
        guard let match = MatchArgument(rawValue: text) else {
            throw CommandError(.input, "match behavior \(text.quoted) unknown")
        }
        return match
    }
}
