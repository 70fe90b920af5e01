// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityWire
import FoundationEssentials
import GRPCCore
import Logging
import SPIFFE

extension SVIDService {
    func readRequest(_ csr: Data, badSignature: String) throws(APIError) -> VerifiedCertificateRequest {
        do throws(AuthorityError) {
            return try VerifiedCertificateRequest(derBytes: Array(csr))
        } catch {
            let failure = error.code == .invalidRequestSignature ? badSignature : "malformed CSR"
            throw APIError(.invalidArgument, failure, cause: error)
        }
    }

    func issueX509(_ template: X509SVIDTemplate) throws(APIError) -> IssuedX509SVID {
        do throws(AuthorityError) {
            return try issuers.issue(template, now: now())
        } catch {
            throw APIError(.internalError, "failed to sign X509-SVID", cause: error)
        }
    }

    /// - Parameter ttl: seconds; 0 or less stands for the default.
    func issueJWT(
        id: SPIFFEID, audience: [String], ttl: Int32, tokenID: UUID? = nil
    ) throws(APIError) -> IssuedJWTSVID {
        guard audience.contains(where: { !$0.isEmpty }) else {
            throw APIError(.invalidArgument, "at least one audience is required")
        }
        do throws(AuthorityError) {
            return try issuers.issueJWT { issuer throws(AuthorityError) in
                try issuer.issue(
                    id: id, audience: audience, ttl: policy.lifetimes.jwt(asked: ttl), tokenID: tokenID, now: now())
            }
        } catch {
            throw APIError(.internalError, "failed to sign JWT-SVID", cause: error)
        }
    }

    func log(_ svid: IssuedX509SVID, _ logger: Logger) {
        logger.debug(
            "Signed X509 SVID",
            metadata: [
                "spiffe_id": "\(svid.id)", "serial_num": "\(svid.serial.decimal)",
                "expiration": "\(svid.expiresAt.logText)",
            ])
    }

    func log(_ svid: IssuedJWTSVID, _ logger: Logger) {
        logger.debug(
            "Server CA successfully signed JWT SVID",
            metadata: ["spiffe_id": "\(svid.id)", "expiration": "\(svid.expiresAt.logText)"])
    }
}
