// SPDX-License-Identifier: Apache-2.0

package import GRPCCore
package import ServerAPIProtos

/// What this server does not do, said so that the operator knows why.
extension LocalAuthorityService {
    package func getWITAuthorityState(
        request: Spire_Api_Server_Localauthority_V1_GetWITAuthorityStateRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_GetWITAuthorityStateResponse {
        throw Self.noWIT
    }

    package func prepareWITAuthority(
        request: Spire_Api_Server_Localauthority_V1_PrepareWITAuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_PrepareWITAuthorityResponse {
        throw Self.noWIT
    }

    package func activateWITAuthority(
        request: Spire_Api_Server_Localauthority_V1_ActivateWITAuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_ActivateWITAuthorityResponse {
        throw Self.noWIT
    }

    package func taintWITAuthority(
        request: Spire_Api_Server_Localauthority_V1_TaintWITAuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_TaintWITAuthorityResponse {
        throw Self.noWIT
    }

    package func revokeWITAuthority(
        request: Spire_Api_Server_Localauthority_V1_RevokeWITAuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_RevokeWITAuthorityResponse {
        throw Self.noWIT
    }

    private static var noWIT: RPCError {
        RPCError(code: .unimplemented, message: "WIT-SVID functionality is not yet implemented")
    }
}
