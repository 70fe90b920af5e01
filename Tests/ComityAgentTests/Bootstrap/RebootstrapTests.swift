// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityAttestation
import ComityTesting
import Foundation
import GRPCCore
import SPIFFE
import SwiftProtobuf
import Testing
import WorkloadAPIProtos

@Suite(.timeLimit(.minutes(1))) struct RebootstrapTests {
    @Test(
        arguments: [
            (RebootstrapPolicy.Mode.never, 9999.0, true, RebootstrapPolicy.Action.goOn), (.auto, nil, true, .goOn),
            (.auto, 0, true, .wait(600)), (.auto, 599, true, .wait(1)), (.auto, 600, true, .begin),
            (.auto, 600, false, .goOn), (.always, 601, true, .begin), (.always, 5, true, .wait(595)),
        ] as [(RebootstrapPolicy.Mode, Double?, Bool, RebootstrapPolicy.Action)])
    func beginsAnewAfterTheDelay(
        mode: RebootstrapPolicy.Mode, unknownFor: Double?, canReattest: Bool, action: RebootstrapPolicy.Action
    ) {
        let policy = RebootstrapPolicy(mode: mode)
        let since = unknownFor.map { TestTime.now - $0 }
        #expect(policy.action(unknownSince: since, now: TestTime.now, canReattest: canReattest) == action)
    }

    /// A client that is stopped before it has begun would be an error.
    private let askOnce: @Sendable (AgentFixture.API) async throws -> Void = { api in
        _ = try? await api.fetchJWTSVID(
            .with { $0.audience = ["x"] }, metadata: ["workload.spiffe.io": "true"])
    }

    @Test func agentThatDoesNotKnowItsServerForgetsItAndBeginsAnew() async throws {
        let first = try FakeServer()
        let agent = try AgentFixture(trusting: try first.ca.bundle)
        first.change { $0.canReattest = true }
        var settings = try await first.serve { try agent.settings(port: $0) }
        settings.rebootstrap = RebootstrapPolicy(mode: .auto, delay: 0)
        try await first.serve(port: settings.serverPort) { _ in
            try await agent.withAgent(settings, askOnce)
        }
        #expect(!(try AgentStorage(folder: settings.dataFolder).data.certificates.isEmpty))

        let second = try FakeServer()
        second.change { $0.canReattest = true }
        try await second.serve(port: settings.serverPort) { _ in
            let error = await #expect(throws: AgentError.self) { try await agent.run(settings) }
            #expect(error?.code == .shutdown)
            #expect(error?.message == "shutting down for rebootstrapping")
            let data = try AgentStorage(folder: settings.dataFolder).data
            #expect(data.certificates.isEmpty)
            #expect(data.authorities.isEmpty)
            #expect(data.isRebootstrapping)

            try Data(try second.ca.bundle.pem.utf8).write(to: URL(filePath: agent.folder.path("bundle.pem")))
            try await agent.withAgent(settings, askOnce)
            #expect(second.counts.attestations == 1)
            #expect(!(try AgentStorage(folder: settings.dataFolder).data.isRebootstrapping))
        }
    }

    @Test func agentThatMayNotBeginAnewKeepsWhatItHas() async throws {
        let first = try FakeServer()
        let agent = try AgentFixture(trusting: try first.ca.bundle)
        first.change { $0.canReattest = true }
        let settings = try await first.serve { try agent.settings(port: $0) }
        try await first.serve(port: settings.serverPort) { _ in try await agent.withAgent(settings, askOnce) }
        let before = try AgentStorage(folder: settings.dataFolder).data

        let second = try FakeServer()
        _ = try await second.serve(port: settings.serverPort) { _ in
            await #expect(throws: RPCError.self) { try await agent.run(settings) }
        }
        #expect(try AgentStorage(folder: settings.dataFolder).data == before)
    }

    @Test func nodeThatCannotProveItselfAgainDoesNotStartWhereItMust() async throws {
        let server = try FakeServer()
        let agent = try AgentFixture(trusting: try server.ca.bundle)
        try await server.serve { port in
            var settings = try agent.settings(port: port)
            settings.rebootstrap = RebootstrapPolicy(mode: .always)
            await #expect(throws: AgentError(.configuration, "")) { try await agent.run(settings) }
            settings.rebootstrap.mode = .auto
            try await agent.withAgent(settings, askOnce)
            #expect(agent.log.lines.contains("warning Node cannot prove itself again; rebootstrapping is off"))
        }
    }
}
