// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
package import ComityAuthority
package import ComityRegistry
import ComityTransport
import ComityWire
import FoundationEssentials
package import GRPCCore
import Logging
package import SPIFFE
package import ServerAPIProtos
package import SwiftProtobuf

/// `spire.api.server.agent.v1.Agent`: attestation and renewal of agents, and what operators do with them.
package struct AgentService: Spire_Api_Server_Agent_V1_Agent.SimpleServiceProtocol {
    let trustDomain: TrustDomain
    let store: any RegistryStore
    let attestors: [String: any ServerNodeAttestor]
    let issuers: IssuerSource
    let lifetimes: SVIDLifetimes
    let makesAgentIDSelector: Bool
    let time: ServerTime

    package init(
        trustDomain: TrustDomain, store: any RegistryStore, attestors: [any ServerNodeAttestor],
        issuers: IssuerSource, lifetimes: SVIDLifetimes, makesAgentIDSelector: Bool = false,
        time: ServerTime = .system
    ) {
        self.trustDomain = trustDomain
        self.store = store
        self.attestors = Dictionary(attestors.map { ($0.name, $0) }) { first, _ in first }
        self.issuers = issuers
        self.lifetimes = lifetimes
        self.makesAgentIDSelector = makesAgentIDSelector
        self.time = time
    }

    package func countAgents(
        request: Spire_Api_Server_Agent_V1_CountAgentsRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Agent_V1_CountAgentsResponse {
        try await answering(RequestLogger.current) {
            let filter = try naming(argument: "malformed selectors filter") {
                request.hasFilter ? try NodeFilter(request.filter) : NodeFilter()
            }
            let count = try await naming("failed to count agents") { try await store.countNodes(filter) }
            return .with { $0.count = Int32(clamping: count) }
        }
    }

    package func listAgents(
        request: Spire_Api_Server_Agent_V1_ListAgentsRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Agent_V1_ListAgentsResponse {
        try await answering(RequestLogger.current) {
            let filter = try naming(argument: "malformed selectors filter") {
                request.hasFilter ? try NodeFilter(request.filter) : NodeFilter()
            }
            let page = try await naming("failed to list agents") {
                try await store.listNodes(filter, page: PageRequest(size: request.pageSize, token: request.pageToken))
            }
            let fields = Set<NodeField>(request.hasOutputMask ? request.outputMask : nil)
            return .with {
                $0.agents = page.items.map { Spire_Api_Types_Agent($0, fields: fields) }
                $0.nextPageToken = page.nextToken
            }
        }
    }

    package func getAgent(
        request: Spire_Api_Server_Agent_V1_GetAgentRequest, context: ServerContext
    ) async throws -> Spire_Api_Types_Agent {
        try await answering(RequestLogger.current) {
            let id = try agentID(request.hasID ? request.id : nil)
            let node = try await naming("failed to fetch agent") { try await store.node(id: id) }
            guard let node else { throw APIError(.notFound, "agent not found") }
            return Spire_Api_Types_Agent(
                node, fields: Set<NodeField>(request.hasOutputMask ? request.outputMask : nil))
        }
    }

    package func deleteAgent(
        request: Spire_Api_Server_Agent_V1_DeleteAgentRequest, context: ServerContext
    ) async throws -> Google_Protobuf_Empty {
        try await answering(RequestLogger.current) {
            let id = try agentID(request.hasID ? request.id : nil)
            do {
                _ = try await store.deleteNode(id: id)
            } catch let error as RegistryError where error.code == .notFound {
                throw APIError(.notFound, "agent not found", cause: error)
            } catch {
                throw APIError("failed to remove agent", causedBy: error)
            }
            RequestLogger.current.info("Agent deleted", metadata: ["spiffe_id": "\(id)"])
            return .init()
        }
    }

    package func banAgent(
        request: Spire_Api_Server_Agent_V1_BanAgentRequest, context: ServerContext
    ) async throws -> Google_Protobuf_Empty {
        try await answering(RequestLogger.current) {
            let id = try agentID(request.hasID ? request.id : nil)
            do {
                _ = try await store.updateNode(id: id) { $0.ban() }
            } catch let error as RegistryError where error.code == .notFound {
                throw APIError(.notFound, "agent not found", cause: error)
            } catch {
                throw APIError("failed to ban agent", causedBy: error)
            }
            RequestLogger.current.info("Agent banned", metadata: ["spiffe_id": "\(id)"])
            return .init()
        }
    }

    private func agentID(_ proto: Spire_Api_Types_SPIFFEID?) throws(APIError) -> SPIFFEID {
        try naming(argument: "invalid agent ID") {
            let id = try SPIFFEID(proto)
            try id.requireAgent(in: trustDomain)
            return id
        }
    }
}

extension AttestedNode {
    /// No certificate of this agent counts any more, and it may not attest again.
    mutating func ban() {
        serialNumber = ""
        newSerialNumber = nil
        newExpiresAt = nil
    }
}
