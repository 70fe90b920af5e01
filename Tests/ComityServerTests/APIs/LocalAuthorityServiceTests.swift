// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityServer
import ComityTesting
import FoundationEssentials
import GRPCCore
import ServerAPIProtos
import Testing

@Suite struct LocalAuthorityServiceTests {
    private func start() async throws -> (LocalAuthorityService, AuthorityServer) {
        let server = try AuthorityServer()
        let authorities = try server.boot()
        try await authorities.start()
        return (LocalAuthorityService(authorities: authorities), server)
    }

    @Test func rotatesX509ByHand() async throws {
        let (service, server) = try await start()
        let first = try await service.getX509AuthorityState(request: .init(), context: .test)
        #expect(first.hasActive && !first.hasPrepared && !first.hasOld)
        #expect(first.active.expiresAt == Int64(server.clock.now.timeIntervalSince1970) + 86400)
        #expect(first.active.upstreamAuthoritySubjectKeyID.isEmpty)
        let prepared = try await service.prepareX509Authority(request: .init(), context: .test).preparedAuthority
        #expect(try await service.getX509AuthorityState(request: .init(), context: .test).prepared == prepared)
        var request = Spire_Api_Server_Localauthority_V1_ActivateX509AuthorityRequest()
        request.authorityID = prepared.authorityID
        let activated = try await service.activateX509Authority(request: request, context: .test).activatedAuthority
        #expect(activated == prepared)
        let last = try await service.getX509AuthorityState(request: .init(), context: .test)
        #expect(last.active == prepared && last.old == first.active && !last.hasPrepared)
        request.authorityID = first.active.authorityID
        let sent = request
        await expectRefusal(
            .internalError,
            "only Prepared authorities can be activated: unsupported local authority status: OLD"
        ) {
            try await service.activateX509Authority(request: sent, context: .test)
        }
    }

    @Test func rotatesJWTByHand() async throws {
        let (service, server) = try await start()
        defer { withExtendedLifetime(server) {} }
        let first = try await service.getJWTAuthorityState(request: .init(), context: .test)
        let prepared = try await service.prepareJWTAuthority(request: .init(), context: .test).preparedAuthority
        #expect(prepared.authorityID.utf8.count == 32)
        var request = Spire_Api_Server_Localauthority_V1_ActivateJWTAuthorityRequest()
        request.authorityID = prepared.authorityID
        #expect(
            try await service.activateJWTAuthority(request: request, context: .test).activatedAuthority == prepared)
        let last = try await service.getJWTAuthorityState(request: .init(), context: .test)
        #expect(last.active == prepared && last.old == first.active)
    }

    @Test func refusesInSPIREsWords() async throws {
        let (service, server) = try await start()
        defer { withExtendedLifetime(server) {} }
        await expectRefusal(.invalidArgument, "no authority ID provided") {
            try await service.activateX509Authority(request: .init(), context: .test)
        }
        await expectRefusal(.invalidArgument, "no authority ID provided") {
            try await service.activateJWTAuthority(request: .init(), context: .test)
        }
        var unknown = Spire_Api_Server_Localauthority_V1_ActivateX509AuthorityRequest()
        unknown.authorityID = "00"
        let sent = unknown
        await expectRefusal(.invalidArgument, "unexpected authority ID") {
            try await service.activateX509Authority(request: sent, context: .test)
        }
        await expectRefusal(.failedPrecondition, "upstream authority is not configured") {
            try await service.taintX509UpstreamAuthority(request: .init(), context: .test)
        }
        await expectRefusal(.unimplemented, "WIT-SVID functionality is not yet implemented") {
            try await service.getWITAuthorityState(request: .init(), context: .test)
        }
    }

    @Test func isUnavailableBeforeStart() async throws {
        let server = try AuthorityServer()
        defer { withExtendedLifetime(server) {} }
        let service = LocalAuthorityService(authorities: try server.boot())
        await expectRefusal(.unavailable, "server is initializing") {
            try await service.getX509AuthorityState(request: .init(), context: .test)
        }
        await expectRefusal(.unavailable, "server is initializing") {
            try await service.prepareJWTAuthority(request: .init(), context: .test)
        }
        var request = Spire_Api_Server_Localauthority_V1_ActivateX509AuthorityRequest()
        request.authorityID = "00"
        let sent = request
        await expectRefusal(.unavailable, "server is initializing") {
            try await service.activateX509Authority(request: sent, context: .test)
        }
    }
}
