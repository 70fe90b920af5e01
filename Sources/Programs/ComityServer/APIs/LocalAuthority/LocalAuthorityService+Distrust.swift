// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTransport
import ComityWire
package import GRPCCore
import Logging
package import ServerAPIProtos
import SwiftProtobuf

/// Tainting and revoking, in SPIRE's words.
extension LocalAuthorityService {
    package func taintX509Authority(
        request: Spire_Api_Server_Localauthority_V1_TaintX509AuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_TaintX509AuthorityResponse {
        let state = try await taint(.x509, request.authorityID, name: "X.509")
        return .with { $0.taintedAuthority = state }
    }

    package func taintJWTAuthority(
        request: Spire_Api_Server_Localauthority_V1_TaintJWTAuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_TaintJWTAuthorityResponse {
        let state = try await taint(.jwt, request.authorityID, name: "JWT")
        return .with { $0.taintedAuthority = state }
    }

    package func revokeX509Authority(
        request: Spire_Api_Server_Localauthority_V1_RevokeX509AuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_RevokeX509AuthorityResponse {
        let state = try await revoke(.x509, request.authorityID, name: "X.509")
        return .with { $0.revokedAuthority = state }
    }

    package func revokeJWTAuthority(
        request: Spire_Api_Server_Localauthority_V1_RevokeJWTAuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_RevokeJWTAuthorityResponse {
        let state = try await revoke(.jwt, request.authorityID, name: "JWT")
        return .with { $0.revokedAuthority = state }
    }

    private func taint(
        _ kind: AuthorityKind, _ id: String, name: String
    ) async throws -> Spire_Api_Server_Localauthority_V1_AuthorityState {
        var logger = RequestLogger.current
        logger[metadataKey: "local_authority_id"] = "\(id)"
        return try await answering(logger) {
            try requireEnabled(kind)
            try requireNoUpstream(kind, step: "tainted")
            guard !id.isEmpty else { throw APIError(.invalidArgument, "no authority ID provided") }
            do {
                let record = try await authorities.taint(kind, authorityID: id)
                logger.info("\(name) authority tainted successfully")
                return .init(record)
            } catch let error as AuthorityError {
                throw APIError(RPCError.Code(of: error), error.message)
            } catch {
                throw APIError(.internalError, "failed to taint \(name) authority", cause: error)
            }
        }
    }

    private func revoke(
        _ kind: AuthorityKind, _ id: String, name: String
    ) async throws -> Spire_Api_Server_Localauthority_V1_AuthorityState {
        var logger = RequestLogger.current
        logger[metadataKey: "local_authority_id"] = "\(id)"
        return try await answering(logger) {
            try requireEnabled(kind)
            try requireNoUpstream(kind, step: "revoked")
            guard !id.isEmpty else {
                throw APIError(.invalidArgument, "invalid authority ID: no authority ID provided")
            }
            do {
                let record = try await authorities.revoke(kind, authorityID: id)
                logger.info("\(name) authority revoked successfully")
                return record.map { .init($0) } ?? .with { $0.authorityID = id }
            } catch let error as AuthorityError where error.code == .notReady {
                throw APIError(.unavailable, error.message)
            } catch let error as AuthorityError {
                throw APIError(.invalidArgument, "invalid authority ID", cause: error)
            } catch {
                throw APIError(.internalError, "failed to revoke \(name) authority", cause: error)
            }
        }
    }
}
