// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import GRPCCore
package import SPIFFE
package import ServerAPIProtos
package import SwiftProtobuf

/// The same filter, which listing and counting each have a message of.
package protocol EntryFilterMessage {
    var hasBySpiffeID: Bool { get }
    var bySpiffeID: Spire_Api_Types_SPIFFEID { get }
    var hasByParentID: Bool { get }
    var byParentID: Spire_Api_Types_SPIFFEID { get }
    var hasBySelectors: Bool { get }
    var bySelectors: Spire_Api_Types_SelectorMatch { get }
    var hasByFederatesWith: Bool { get }
    var byFederatesWith: Spire_Api_Types_FederatesWithMatch { get }
    var hasByHint: Bool { get }
    var byHint: Google_Protobuf_StringValue { get }
    var hasByDownstream: Bool { get }
    var byDownstream: Google_Protobuf_BoolValue { get }
}

extension Spire_Api_Server_Entry_V1_ListEntriesRequest.Filter: EntryFilterMessage {}
extension Spire_Api_Server_Entry_V1_CountEntriesRequest.Filter: EntryFilterMessage {}

extension EntryFilter {
    /// - Parameter trustDomain: the server's own, of which all IDs must be.
    /// - Throws: ``APIError`` with code `invalidArgument`.
    package init(_ proto: some EntryFilterMessage, trustDomain: TrustDomain) throws(APIError) {
        self.init()
        if proto.hasByParentID {
            parentID = try Self.read("parent ID") { () throws(RegistryError) in
                try Self.member(proto.byParentID, of: trustDomain)
            }
        }
        if proto.hasBySpiffeID {
            spiffeID = try Self.read("SPIFFE ID") { () throws(RegistryError) in
                try Self.member(proto.bySpiffeID, of: trustDomain)
            }
        }
        if proto.hasBySelectors {
            selectors = try Self.read("selectors") { () throws(RegistryError) in try SetMatch(proto.bySelectors) }
        }
        if proto.hasByFederatesWith {
            federatesWith = try Self.read("federates with") { () throws(RegistryError) in
                try SetMatch(proto.byFederatesWith)
            }
        }
        if proto.hasByHint { hint = proto.byHint.value }
        if proto.hasByDownstream { isDownstream = proto.byDownstream.value }
    }

    private static func member(
        _ proto: Spire_Api_Types_SPIFFEID, of trustDomain: TrustDomain
    ) throws(RegistryError) -> SPIFFEID {
        let id = try SPIFFEID(proto)
        try id.requireMember(of: trustDomain)
        return id
    }

    private static func read<Value>(
        _ name: String, _ body: () throws(RegistryError) -> Value
    ) throws(APIError) -> Value {
        do {
            return try body()
        } catch {
            throw APIError(.invalidArgument, "malformed \(name) filter", cause: error)
        }
    }
}
