// SPDX-License-Identifier: Apache-2.0

import GRPCCore
import SwiftProtobuf
import WorkloadAPIProtos

/// A workload at the agent's socket.
struct WorkloadClient: Sendable {
    private static let metadata: Metadata = ["workload.spiffe.io": "true"]

    private let api: Workload_SpiffeWorkloadAPI.Client<Transport>

    static func with<Result: Sendable>(
        _ domain: Domain, _ body: (WorkloadClient) async throws -> Result
    ) async throws -> Result {
        try await GRPCTargets.with(unixSocket: domain.agentSocket) {
            try await body(WorkloadClient(api: .init(wrapping: $0)))
        }
    }

    /// Waits for the agent and for the first X509-SVID.
    func awaitIdentity() async throws {
        // It denies until it has heard of the entry.
        try await GRPCTargets.awaiting([.unavailable, .permissionDenied]) { try await fetchX509SVID() }
    }

    /// Opens the stream, takes the first message and closes it.
    func fetchX509SVID() async throws {
        try await api.fetchX509SVID(.init(), metadata: Self.metadata) { response in
            for try await message in response.messages where !message.svids.isEmpty { return }
            throw BenchmarkError("the agent ended the stream before its first message")
        }
    }

    func fetchJWTSVID(audience: String) async throws {
        let response = try await api.fetchJWTSVID(.with { $0.audience = [audience] }, metadata: Self.metadata)
        guard !response.svids.isEmpty else { throw BenchmarkError("the agent gave no JWT-SVID") }
    }

    /// Keeps a stream open and tells of each message, until cancelled.
    func followX509SVIDs(_ receive: @escaping @Sendable () -> Void) async throws {
        try await api.fetchX509SVID(.init(), metadata: Self.metadata) { response in
            for try await _ in response.messages { receive() }
        }
    }
}
