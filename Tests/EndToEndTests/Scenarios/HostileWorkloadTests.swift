// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import ComityTransport
import Foundation
import GRPCCore
import SPIFFE
import Testing
import WorkloadAPIProtos

/// Callers of the Workload API that may not have what they ask for.
@Suite(.serialized) struct HostileWorkloadTests {
    private typealias API = Workload_SpiffeWorkloadAPI.Client<GRPCConnection>

    private static let header: Metadata = ["workload.spiffe.io": "true"]

    @Test("WEP-07: a call without the security header is refused though its caller has an identity")
    func needsTheHeader() async throws {
        let domain = try Deployment("one.test")
        try domain.writeServerConfiguration()
        try domain.writeAgentConfiguration()
        let server = try await domain.startServer()
        let agent = try await domain.startAgent()
        defer { withExtendedLifetime((server, agent)) {} }

        // Nobody is registered yet.
        for error in [await refusal(domain, Self.header), await refusal(domain, Self.header)] {
            #expect(error?.code == .permissionDenied)
            #expect(error?.message == "no identity issued")
        }
        try await domain.createEntry("/web")
        let served = try await eventually("the workload has its identity") {
            try? await fetch(domain, Self.header)
        }
        #expect(served == ["spiffe://one.test/web"])
        for metadata: Metadata in [[:], ["workload.spiffe.io": "yes"]] {
            let error = await refusal(domain, metadata)
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == "security header missing from request")
        }
    }

    private func refusal(_ domain: Deployment, _ metadata: Metadata) async -> RPCError? {
        await #expect(throws: RPCError.self) { try await fetch(domain, metadata) }
    }

    private func fetch(_ domain: Deployment, _ metadata: Metadata) async throws -> [String] {
        try await GRPCConnector.unix(path: domain.agentSocket).withClient { client in
            try await API(wrapping: client).fetchX509SVID(.init(), metadata: metadata) { response in
                for try await message in response.messages { return message.svids.map(\.spiffeID) }
                return []
            }
        }
    }
}
