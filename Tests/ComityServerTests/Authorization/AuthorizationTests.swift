// SPDX-License-Identifier: Apache-2.0

import ComityServer
import ComityTesting
import Foundation
import GRPCCore
import Logging
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing

/// The policy at work on real connections.
@Suite struct AuthorizationTests {
    @Test func strangersGetTheBundleAndNothingElse() async throws {
        try await ServerFixture.with { server in
            try await server.call { client in
                let bundle = try await ServerFixture.Bundle(wrapping: client).getBundle(.init())
                #expect(bundle.trustDomain == "example.org")
                let error = await #expect(throws: RPCError.self) {
                    _ = try await ServerFixture.Agent(wrapping: client).listAgents(.init())
                }
                #expect(error?.code == .permissionDenied)
                #expect(
                    error?.message
                        == "authorization denied for method /spire.api.server.agent.v1.Agent/ListAgents")
            }
        }
    }

    @Test func lastLineOfACallSaysWhyItWasAllowed() async throws {
        let log = RecordedLog()
        try await ServerFixture.with(log: log) { server in
            try await server.operate { _ = try await ServerFixture.Agent(wrapping: $0).countAgents(.init()) }
            try await server.call {
                _ = try? await ServerFixture.Agent(wrapping: $0).listAgents(.init())
            }
        }
        let ends = log.lines("RPC finished")
        let allowed = try #require(ends.first { $0.metadata["method"] == "CountAgents" })
        #expect(allowed.level == .debug)
        #expect(allowed.metadata["service"] == "agent.v1.Agent")
        #expect(allowed.metadata["authorized_as"] == "local")
        #expect(allowed.metadata["authorized_via"] == "transport")
        #expect(allowed.metadata["status"] == "OK")
        let denied = try #require(ends.first { $0.metadata["method"] == "ListAgents" })
        #expect(denied.metadata["authorized_as"] == nil)
        #expect(denied.metadata["status"] == "PermissionDenied")
    }

    @Test func agentsMayNotOperate() async throws {
        try await ServerFixture.with { server in
            let credential = try await TestAgent().attest(try await server.joinToken(), to: server)
            let error = await #expect(throws: RPCError.self) {
                try await server.call(as: credential) {
                    _ = try await ServerFixture.Entry(wrapping: $0).listEntries(.init())
                }
            }
            #expect(error?.code == .permissionDenied)
        }
    }

    @Test func operatorsAreNoAgents() async throws {
        try await ServerFixture.with { server in
            let error = await #expect(throws: RPCError.self) {
                try await server.operate {
                    _ = try await ServerFixture.Entry(wrapping: $0).getAuthorizedEntries(.init())
                }
            }
            #expect(error?.code == .permissionDenied)
        }
    }

    @Test func administratorsOperateFromAfar() async throws {
        let admin = try SPIFFEID("spiffe://example.org/admin")
        try await ServerFixture.with {
            $0.adminIDs = [admin]
        } _: { server in
            let agent = TestAgent()
            let csr = try agent.csr(wishingFor: admin.uri)
            let svid = try await server.operate {
                try await ServerFixture.SVID(wrapping: $0).mintX509SVID(.with { $0.csr = csr }).svid
            }
            let credential = try agent.credential(svid)
            try await server.call(as: credential) {
                _ = try await ServerFixture.Agent(wrapping: $0).countAgents(.init())
            }
            // Health is for the socket alone, whoever asks.
            let error = await #expect(throws: RPCError.self) {
                try await server.call(as: credential) {
                    _ = try await Grpc_Health_V1_Health.Client(wrapping: $0).check(.init())
                }
            }
            #expect(error?.code == .unimplemented)
        }
    }

    @Test func foreignAdministratorsOperateWhileTheirBundleIsKnown() async throws {
        let foreign = try TestCA("other.org")
        let admin = try foreign.leaf("/admin").credential()
        try await ServerFixture.with {
            $0.adminIDs = [admin.id]
        } _: { server in
            await #expect(throws: RPCError.self) { try await countAgents(server, as: admin) }
            let status = try await server.operate { client in
                try await ServerFixture.Bundle(wrapping: client).batchSetFederatedBundle(
                    .with {
                        $0.bundle = [
                            .with {
                                $0.trustDomain = "other.org"
                                $0.x509Authorities = [.with { $0.asn1 = (try? Data(foreign.root.derBytes)) ?? Data() }]
                            }
                        ]
                    }
                ).results.map(\.status.code)
            }
            #expect(status == [0])
            // What verifies handshakes follows a moment after.
            while (try? await countAgents(server, as: admin)) == nil {}
            try await server.operate { client in
                _ = try await ServerFixture.Bundle(wrapping: client).batchDeleteFederatedBundle(
                    .with { $0.trustDomains = ["other.org"] })
            }
            while (try? await countAgents(server, as: admin)) != nil {}
        }
    }

    private func countAgents(_ server: ServerFixture, as credential: X509Credential) async throws -> Int32 {
        try await server.call(as: credential) { try await ServerFixture.Agent(wrapping: $0).countAgents(.init()).count }
    }

    @Test func healthIsServedAtTheSocket() async throws {
        try await ServerFixture.with { server in
            try await server.operate { client in
                let health = Grpc_Health_V1_Health.Client(wrapping: client)
                let status = try await health.check(.init()).status
                #expect(status == .serving)
                let error = await #expect(throws: RPCError.self) {
                    _ = try await health.check(.with { $0.service = "x" })
                }
                #expect(error?.code == .invalidArgument && error?.message == "per-service health is not supported")
            }
        }
    }
}
