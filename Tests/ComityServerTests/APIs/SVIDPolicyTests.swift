// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityServer
import ComityStorage
import FoundationEssentials
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing

/// What operators decide about all SVIDs.
@Suite struct SVIDPolicyTests {
    @Test("without JWT-SVIDs no key is made and every call about them is refused") func disablesJWT() async throws {
        let setting = try await SVIDServiceTests.Setting(settings: { $0.disablesJWTSVIDs = true })
        await setting.authorities.rotate()
        #expect(try await setting.server.bundle.jwtAuthorities.isEmpty)
        #expect(try await setting.server.bundle.x509Authorities.count == 1)
        let authorities = LocalAuthorityService(authorities: setting.authorities)
        let calls: [@Sendable () async throws -> Void] = [
            { _ = try await setting.token(entry: setting.mine.id, audience: ["a"]) },
            { _ = try await setting.mintToken(setting.mine.spiffeID, audience: ["a"]) },
            { _ = try await authorities.getJWTAuthorityState(request: .init(), context: .test) },
            { _ = try await authorities.prepareJWTAuthority(request: .init(), context: .test) },
            { _ = try await authorities.activateJWTAuthority(request: .init(), context: .test) },
            { _ = try await authorities.taintJWTAuthority(request: .init(), context: .test) },
            { _ = try await authorities.revokeJWTAuthority(request: .init(), context: .test) },
        ]
        for call in calls {
            await expectRefusal(.unimplemented, "JWT functionality is disabled") { try await call() }
        }
    }
}
