// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTransport
import ComityWire
import FoundationEssentials
package import GRPCCore
import Logging
import SPIFFE
package import ServerAPIProtos
import SwiftProtobuf

extension AgentService {
    package func createJoinToken(
        request: Spire_Api_Server_Agent_V1_CreateJoinTokenRequest, context: ServerContext
    ) async throws -> Spire_Api_Types_JoinToken {
        try await answering(RequestLogger.current) {
            guard request.ttl >= 1 else {
                throw APIError(.invalidArgument, "ttl is required, you must provide one")
            }
            // Everything that can be wrong with the request is looked at before the token exists.
            let alias = try aliasID(request)
            let value = request.token.isEmpty ? UUID().uuidString.lowercased() : request.token
            let agentID = try naming(argument: "invalid join token") {
                try SPIFFEID(trustDomain: trustDomain, path: "/spire/agent/join_token/\(value)")
            }
            let now = time.now()
            let token = JoinToken(
                value: value,
                expiresAt: Date(timeIntervalSince1970: now.timeIntervalSince1970.rounded(.down))
                    + TimeInterval(request.ttl))
            do {
                try await store.createJoinToken(token)
            } catch {
                // Also when the text is taken, as in SPIRE.
                throw APIError(.internalError, "failed to create token", cause: error)
            }
            if let alias {
                try await createAlias(alias, of: agentID, now: now, for: token)
            }
            return .with {
                $0.value = value
                $0.expiresAt = Optional(token.expiresAt).unixSeconds
            }
        }
    }

    private func aliasID(_ request: Spire_Api_Server_Agent_V1_CreateJoinTokenRequest) throws(APIError) -> SPIFFEID? {
        guard request.hasAgentID else { return nil }
        return try naming(argument: "invalid agent ID") {
            let id = try SPIFFEID(request.agentID)
            try id.requireWorkload(in: trustDomain)
            return id
        }
    }

    /// Makes the entry that gives the agent of this token another ID, under which entries can wait for it.
    private func createAlias(_ alias: SPIFFEID, of agentID: SPIFFEID, now: Date, for token: JoinToken) async throws {
        do {
            let entry = Entry(
                spiffeID: alias, parentID: agentID,
                selectors: [try Selector(type: "spiffe_id", value: agentID.uri)])
            _ = try await store.createEntry(entry, now: now)
        } catch {
            // A token whose alias is missing would let in an agent that gets no entries.
            _ = try? await store.consumeJoinToken(token.value)
            throw APIError(.internalError, "failed to create join token registration entry", cause: error)
        }
    }
}
