// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRPCCore
import ServerAPIProtos
import SwiftProtobuf

/// An administrator at the server's Unix socket.
struct AdminClient: Sendable {
    let client: GRPCClient<Transport>

    static func with<Result: Sendable>(
        _ domain: Domain, _ body: (AdminClient) async throws -> Result
    ) async throws -> Result {
        try await GRPCTargets.with(unixSocket: domain.serverSocket) { try await body(AdminClient(client: $0)) }
    }

    func awaitServer() async throws {
        let bundles = Spire_Api_Server_Bundle_V1_Bundle.Client(wrapping: client)
        try await GRPCTargets.awaiting([.unavailable]) { _ = try await bundles.getBundle(.init()) }
    }

    /// - Parameter alias: A path that the agent's entries may have as their parent.
    func createJoinToken(alias: String? = nil) async throws -> String {
        let agents = Spire_Api_Server_Agent_V1_Agent.Client(wrapping: client)
        return try await agents.createJoinToken(
            .with {
                $0.ttl = 600
                if let alias { $0.agentID = .inDomain(alias) }
            }
        ).value
    }

    func mintX509SVID(_ request: Data) async throws {
        let svids = Spire_Api_Server_Svid_V1_SVID.Client(wrapping: client)
        _ = try await svids.mintX509SVID(.with { $0.csr = request })
    }

    /// Answers with the entry's ID.
    @discardableResult
    func createEntry(_ entry: EntryTemplate) async throws -> String {
        try await createEntries([entry])[0]
    }

    /// Answers with the entries' IDs.
    @discardableResult
    func createEntries(_ entries: [EntryTemplate]) async throws -> [String] {
        let response = try await self.entries.batchCreateEntry(.with { $0.entries = entries.map(\.message) })
        return try response.results.map { result in
            guard result.status.code == 0 else { throw BenchmarkError("entry refused: \(result.status.message)") }
            return result.entry.id
        }
    }

    /// Makes the entry's X509-SVID be signed anew.
    func changeLifetime(ofEntry id: String, to seconds: Int32) async throws {
        let response = try await entries.batchUpdateEntry(
            .with { request in
                request.entries = [
                    .with {
                        $0.id = id
                        $0.x509SvidTtl = seconds
                    }
                ]
                request.inputMask = .with { $0.x509SvidTtl = true }
            })
        for result in response.results where result.status.code != 0 {
            throw BenchmarkError("change of an entry refused: \(result.status.message)")
        }
    }

    func entryID(path: String) async throws -> String {
        let response = try await entries.listEntries(.with { $0.filter.bySpiffeID = .inDomain(path) })
        guard let entry = response.entries.first else { throw BenchmarkError("no entry for \(path)") }
        return entry.id
    }

    var entries: Spire_Api_Server_Entry_V1_Entry.Client<Transport> {
        .init(wrapping: client)
    }
}
