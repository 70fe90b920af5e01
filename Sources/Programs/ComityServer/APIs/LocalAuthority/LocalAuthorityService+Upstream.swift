// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTransport
import ComityWire
package import GRPCCore
import Logging
package import ServerAPIProtos
import SwiftProtobuf

/// Taking trust from an authority above, in SPIRE's words.
extension LocalAuthorityService {
    package func taintX509UpstreamAuthority(
        request: Spire_Api_Server_Localauthority_V1_TaintX509UpstreamAuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_TaintX509UpstreamAuthorityResponse {
        let id = try await distrust(
            request.subjectKeyID, invalid: "provided subject key id is not valid",
            failure: "failed to taint upstream authority", done: "X.509 upstream authority tainted successfully"
        ) {
            try await authorities.taintUpstream(keyID: $0)
        }
        return .with { $0.upstreamAuthoritySubjectKeyID = id }
    }

    package func revokeX509UpstreamAuthority(
        request: Spire_Api_Server_Localauthority_V1_RevokeX509UpstreamAuthorityRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Localauthority_V1_RevokeX509UpstreamAuthorityResponse {
        let id = try await distrust(
            request.subjectKeyID, invalid: "invalid subject key ID",
            failure: "failed to revoke X.509 upstream authority",
            done: "X.509 upstream authority successfully revoked"
        ) {
            try await authorities.revokeUpstream(keyID: $0)
        }
        return .with { $0.upstreamAuthoritySubjectKeyID = id }
    }

    /// The X.509 authorities of a server below another are the business of that one.
    func requireNoUpstream(_ kind: AuthorityKind, step: String) throws(APIError) {
        guard kind == .x509, authorities.upstream != nil else { return }
        throw APIError(.failedPrecondition, "local authority can't be \(step) if there is an upstream authority")
    }

    private func distrust(
        _ keyID: String, invalid: String, failure: String, done: Logger.Message,
        _ step: (String) async throws -> Void
    ) async throws -> String {
        let keyID = keyID.lowercased()
        var logger = RequestLogger.current
        logger[metadataKey: "subject_key_id"] = "\(keyID)"
        return try await answering(logger) {
            guard authorities.upstream != nil else {
                throw APIError(.failedPrecondition, "upstream authority is not configured")
            }
            do {
                try await step(keyID)
            } catch let error as AuthorityError where error.code == .unexpectedAuthority {
                throw APIError(.invalidArgument, invalid, cause: error)
            } catch let error as AuthorityError where error.code == .notReady {
                throw APIError(.unavailable, error.message)
            } catch {
                throw APIError(.internalError, failure, cause: error)
            }
            logger.info(done)
            return keyID
        }
    }
}
