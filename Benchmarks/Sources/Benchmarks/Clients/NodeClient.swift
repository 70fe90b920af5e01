// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import GRPCCore
import ServerAPIProtos
import SwiftProtobuf

/// An agent at the server's port: mutual TLS, SPIRE's protocol, nothing else that an agent does.
struct NodeClient: Sendable {
    private let client: GRPCClient<Transport>

    /// Proves a node by a join token.
    static func attest(_ domain: Domain, joinToken: String) async throws -> NodeIdentity {
        let key = P256.Signing.PrivateKey()
        let csr = try CertificateRequest.make(by: key)
        let request = Spire_Api_Server_Agent_V1_AttestAgentRequest.with {
            $0.params.data.type = "join_token"
            $0.params.data.payload = Data(joinToken.utf8)
            $0.params.params.csr = csr
        }
        return try await GRPCTargets.with(port: domain.serverPort, identity: nil) { client in
            try await Spire_Api_Server_Agent_V1_Agent.Client(wrapping: client).attestAgent { writer in
                try await writer.write(request)
            } onResponse: { response in
                for try await message in response.messages {
                    let svid = message.result.svid
                    return NodeIdentity(
                        chain: svid.certChain.map { Array($0) }, key: Array(key.derRepresentation), path: svid.id.path)
                }
                throw BenchmarkError("the server ended the attestation without a result")
            }
        }
    }

    static func with<Result: Sendable>(
        _ domain: Domain, _ identity: NodeIdentity, _ body: (NodeClient) async throws -> Result
    ) async throws -> Result {
        try await GRPCTargets.with(port: domain.serverPort, identity: identity) {
            try await body(NodeClient(client: $0))
        }
    }

    /// Has an X509-SVID signed for each entry.
    func sign(_ entryIDs: [String], request: Data) async throws {
        let svids = Spire_Api_Server_Svid_V1_SVID.Client(wrapping: client)
        let response = try await svids.batchNewX509SVID(
            .with {
                $0.params = entryIDs.map { id in
                    .with {
                        $0.entryID = id
                        $0.csr = request
                    }
                }
            })
        for result in response.results where result.status.code != 0 {
            throw BenchmarkError("signature refused: \(result.status.message)")
        }
    }

    /// Asks for all entries that this agent may have, and answers with their number.
    @discardableResult
    func sync() async throws -> Int {
        let entries = Spire_Api_Server_Entry_V1_Entry.Client(wrapping: client)
        return try await entries.syncAuthorizedEntries { writer in
            try await writer.write(.init())
        } onResponse: { response in
            var count = 0
            for try await message in response.messages { count += message.entries.count + message.entryRevisions.count }
            return count
        }
    }

    /// Waits until the server has taken note of so many entries.
    func awaitEntries(_ count: Int) async throws {
        while try await sync() < count { try await Task.sleep(for: .milliseconds(20)) }
    }
}
