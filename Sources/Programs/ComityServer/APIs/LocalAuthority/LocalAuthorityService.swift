// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTransport
import ComityWire
package import GRPCCore
import Logging
package import ServerAPIProtos
import SwiftProtobuf

/// `spire.api.server.localauthority.v1.LocalAuthority`: lets an operator see and rotate the authorities.
package struct LocalAuthorityService: Spire_Api_Server_Localauthority_V1_LocalAuthority.SimpleServiceProtocol {
    let authorities: LocalAuthorities

    package init(authorities: LocalAuthorities) {
        self.authorities = authorities
    }

    // MARK: - X.509

    package func getX509AuthorityState(
        request: Spire_Api_Server_Localauthority_V1_GetX509AuthorityStateRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_GetX509AuthorityStateResponse {
        let states = try await states(.x509)
        return .with {
            $0.active = .init(states.active)
            if let prepared = states.prepared { $0.prepared = .init(prepared) }
            if let old = states.old { $0.old = .init(old) }
        }
    }

    package func prepareX509Authority(
        request: Spire_Api_Server_Localauthority_V1_PrepareX509AuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_PrepareX509AuthorityResponse {
        let record = try await prepare(.x509, failure: "failed to prepare X.509 authority")
        return .with { $0.preparedAuthority = .init(record) }
    }

    package func activateX509Authority(
        request: Spire_Api_Server_Localauthority_V1_ActivateX509AuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_ActivateX509AuthorityResponse {
        let record = try await activate(.x509, authorityID: request.authorityID)
        return .with { $0.activatedAuthority = .init(record) }
    }

    // MARK: - JWT

    package func getJWTAuthorityState(
        request: Spire_Api_Server_Localauthority_V1_GetJWTAuthorityStateRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_GetJWTAuthorityStateResponse {
        let states = try await states(.jwt)
        return .with {
            $0.active = .init(states.active)
            if let prepared = states.prepared { $0.prepared = .init(prepared) }
            if let old = states.old { $0.old = .init(old) }
        }
    }

    package func prepareJWTAuthority(
        request: Spire_Api_Server_Localauthority_V1_PrepareJWTAuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_PrepareJWTAuthorityResponse {
        let record = try await prepare(.jwt, failure: "failed to prepare JWT authority")
        return .with { $0.preparedAuthority = .init(record) }
    }

    package func activateJWTAuthority(
        request: Spire_Api_Server_Localauthority_V1_ActivateJWTAuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_ActivateJWTAuthorityResponse {
        let record = try await activate(.jwt, authorityID: request.authorityID)
        return .with { $0.activatedAuthority = .init(record) }
    }

    // MARK: - Steps

    func requireEnabled(_ kind: AuthorityKind) throws(APIError) {
        if kind == .jwt { try authorities.settings.svidPolicy.requireJWT() }
    }

    private func states(_ kind: AuthorityKind) async throws -> LocalAuthorities.States {
        try await answering(RequestLogger.current) {
            try requireEnabled(kind)
            do throws(AuthorityError) {
                return try await authorities.states(of: kind)
            } catch {
                throw APIError(RPCError.Code(of: error), error.message)
            }
        }
    }

    private func prepare(_ kind: AuthorityKind, failure: String) async throws -> AuthorityRecord {
        try await answering(RequestLogger.current) {
            try requireEnabled(kind)
            do {
                return try await authorities.prepare(kind)
            } catch let error as AuthorityError where error.code == .notReady {
                throw APIError(.unavailable, error.message)
            } catch {
                throw APIError(.internalError, failure, cause: error)
            }
        }
    }

    private func activate(_ kind: AuthorityKind, authorityID: String) async throws -> AuthorityRecord {
        var logger = RequestLogger.current
        logger[metadataKey: "local_authority_id"] = "\(authorityID)"
        return try await answering(logger) {
            try requireEnabled(kind)
            guard !authorityID.isEmpty else { throw APIError(.invalidArgument, "no authority ID provided") }
            do {
                return try await authorities.activate(kind, authorityID: authorityID)
            } catch let error as AuthorityError {
                throw APIError(RPCError.Code(of: error), error.description)
            } catch {
                throw APIError("failed to activate authority", causedBy: error)
            }
        }
    }
}
