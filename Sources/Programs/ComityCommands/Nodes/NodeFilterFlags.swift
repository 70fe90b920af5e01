// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityWire
import FoundationEssentials
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// Which agents are listed or counted.
struct NodeFilterFlags: ParsableArguments {
    @Option(name: .flag("selector"), help: "A colon-delimited type:value selector. Can be used more than once.")
    var selector: [String] = []

    @Option(name: .flag("matchSelectorsOn"), help: "How selectors are compared: exact, any, superset or subset.")
    var matchSelectorsOn = "superset"

    @Option(name: .flag("attestationType"), help: "Only agents attested by this method.")
    var attestationType = ""

    @Flag(name: .flag("canReattest"), inversion: .prefixedNo, help: "Only agents that may (not) attest again.")
    var canReattest: Bool?

    @Flag(name: .flag("banned"), inversion: .prefixedNo, help: "Only agents that are (not) banned.")
    var banned: Bool?

    @Option(name: .flag("expiresBefore"), help: "Only agents whose SVID ends before 2006-01-02 15:04:05 -0700 -07.")
    var expiresBefore = ""

    /// - Throws: ``CommandError`` with code `input`.
    func filter() throws(CommandError) -> Spire_Api_Server_Agent_V1_ListAgentsRequest.Filter {
        var filter = Spire_Api_Server_Agent_V1_ListAgentsRequest.Filter()
        if !selector.isEmpty {
            guard let match = MatchArgument(rawValue: matchSelectorsOn) else {
                throw CommandError(.input, "unsupported match behavior")
            }
            filter.bySelectorMatch = try Spire_Api_Types_SelectorMatch(arguments: selector, match)
        }
        if !attestationType.isEmpty { filter.byAttestationType = attestationType }
        if let canReattest { filter.byCanReattest = .init(canReattest) }
        if let banned { filter.byBanned = .init(banned) }
        if !expiresBefore.isEmpty {
            // The server takes what it cannot read for no filter at all.
            guard Date(agentFilter: expiresBefore) != nil else {
                throw CommandError(
                    .input, "date is not valid: \(expiresBefore.quoted)",
                    cure: "write it like \"2006-01-02 15:04:05 -0700 -07\"")
            }
            filter.byExpiresBefore = expiresBefore
        }
        return filter
    }
}
