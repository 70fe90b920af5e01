// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import FoundationEssentials
package import ServerAPIProtos
import SwiftProtobuf

extension NodeFilter {
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ proto: Spire_Api_Server_Agent_V1_ListAgentsRequest.Filter) throws(RegistryError) {
        self.init()
        if !proto.byAttestationType.isEmpty { attestationType = proto.byAttestationType }
        if proto.hasBySelectorMatch { selectors = try SetMatch(proto.bySelectorMatch) }
        if proto.hasByBanned { isBanned = proto.byBanned.value }
        if proto.hasByCanReattest { canReattest = proto.byCanReattest.value }
        expiresBefore = Date(agentFilter: proto.byExpiresBefore)
    }

    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package init(_ proto: Spire_Api_Server_Agent_V1_CountAgentsRequest.Filter) throws(RegistryError) {
        self.init()
        if !proto.byAttestationType.isEmpty { attestationType = proto.byAttestationType }
        if proto.hasBySelectorMatch { selectors = try SetMatch(proto.bySelectorMatch) }
        if proto.hasByBanned { isBanned = proto.byBanned.value }
        if proto.hasByCanReattest { canReattest = proto.byCanReattest.value }
        expiresBefore = Date(agentFilter: proto.byExpiresBefore)
    }
}

extension Date {
    /// Reads `2006-01-02 15:04:05 -0700 -07`, the form of the agent API's filters; what is not one filters nothing.
    package init?(agentFilter text: String) {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[2].utf8.count == 5, parts[2].hasPrefix(parts[3]) else { return nil }
        guard let date = try? Date("\(parts[0])T\(parts[1])\(parts[2])", strategy: .iso8601) else { return nil }
        self = date
    }
}
