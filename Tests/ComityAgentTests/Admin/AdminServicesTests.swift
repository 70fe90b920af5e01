// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityTelemetry
import ComityTesting
import Foundation
import GRPCCore
import ServerAPIProtos
import SwiftProtobuf
import Testing

@Suite(.timeLimit(.minutes(1))) struct AdminServicesTests {
    private typealias Level = Spire_Api_Types_LogLevel

    @Test func logLevelIsSetAndPutBack() async throws {
        try await AdminFixture.with { admin in
            let set = try await admin.logger.setLogLevel(.with { $0.newLevel = .trace })
            #expect(set.currentLevel == .trace)
            #expect(set.launchLevel == .info)
            #expect(admin.levels.current == .trace)
            #expect(try await admin.logger.getLogger(.init()) == set)

            #expect(try await admin.logger.resetLogLevel(.init()).currentLevel == .info)
            #expect(admin.levels.current == .info)
        }
    }

    @Test(arguments: [
        (Level.unspecified, "newLevel value cannot be LogLevel_UNSPECIFIED"),
        (.UNRECOGNIZED(99), "unsupported log level"),
    ])
    func otherLevelsAreRefused(_ level: Spire_Api_Types_LogLevel, _ message: String) async throws {
        try await AdminFixture.with { admin in
            let error = await #expect(throws: RPCError.self) {
                try await admin.logger.setLogLevel(.with { $0.newLevel = level })
            }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message == message)
            #expect(admin.levels.current == .info)
        }
    }

    @Test func debugTellsOfTheAgentAndItsCaches() async throws {
        try await AdminFixture.with { admin in
            let fixture = admin.workloads
            try fixture.sync(try fixture.entry("a"), try fixture.entry("b"))
            _ = try await fixture.tokens.token(for: fixture.entry("a"), audience: ["x"])

            let info = try await admin.debug.getInfo(.init())

            #expect(info.cachedX509SvidsCount == 2)
            #expect(info.svidsCount == 2)
            #expect(info.cachedJwtSvidsCount == 1)
            #expect(info.cachedSvidstoreX509SvidsCount == 0)
            #expect(info.lastSyncSuccess == Int64(AdminFixture.lastSync.timeIntervalSince1970))
            #expect(info.uptime >= 0)
            // Leaf, intermediate and the root they end at.
            #expect(info.svidChain.map { $0.hasID ? $0.id.path : "none" }.first == "/spire/agent/x")
            #expect(info.svidChain.count == 3)
            #expect(info.svidChain.allSatisfy { $0.expiresAt > 0 })
        }
    }
}
