// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityTransport
import FoundationEssentials
import GRPCCore
import Logging
import SPIFFE
import X509

/// Asks the registry whether the caller is an active agent.
struct AgentAuthorizer: Sendable {
    let store: any NodeStore
    let now: @Sendable () -> Date
    private let remembered = RememberedAgents()

    init(store: any NodeStore, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.now = now
    }

    enum Answer: Sendable {
        case agent(AttestedNode)
        case refused(AgentStanding.Reason)
    }

    func check(id: SPIFFEID, certificate: Certificate, logger: Logger) async throws -> Answer {
        // A serial that cannot be ours matches none.
        let serial = CertificateSerial(certificate.serialNumber)?.decimal ?? "0"
        let node = try await look(up: id, logger: logger)
        let standing = AgentStanding(
            node: node, serial: serial, expiresAt: certificate.notValidAfter, now: now())
        switch standing {
        case .active:
            guard let node else { return .refused(.notAttested) }
            return .agent(node)
        case .activates:
            return .agent(try await activate(id: id, serial: serial, known: node, logger: logger))
        case .refused(let reason):
            logger.error("\(reason.message)", metadata: ["agent_id": "\(id)", "serial_number": "\(serial)"])
            return .refused(reason)
        }
    }

    private func look(up id: SPIFFEID, logger: Logger) async throws -> AttestedNode? {
        do {
            let node = try await store.node(id: id)
            remembered.remember(node, id: id)
            return node
        } catch let error as RegistryError where error.code == .unavailable {
            logger.warning("Registry is away; going by what it last said of the agent", metadata: ["error": "\(error)"])
            guard let node = remembered.node(id: id) else {
                throw RPCError(
                    code: .unavailable, message: "unable to look up agent information: \(error)", cause: error)
            }
            return node
        } catch {
            logger.error("Unable to look up agent information", metadata: ["error": "\(error)"])
            throw RPCError(
                code: .internalError, message: "unable to look up agent information: \(error)", cause: error)
        }
    }

    private func activate(
        id: SPIFFEID, serial: String, known: AttestedNode?, logger: Logger
    ) async throws -> AttestedNode {
        do {
            let node = try await store.updateNode(id: id) { $0.activate(serial: serial) }
            remembered.remember(node, id: id)
            return node
        } catch {
            // The next call makes it the current one.
            if let known, (error as? RegistryError)?.code == .unavailable { return known }
            logger.error("Unable to activate the new agent SVID", metadata: ["error": "\(error)"])
            throw RPCError(
                code: .internalError, message: "unable to activate the new agent SVID: \(error)", cause: error)
        }
    }
}
