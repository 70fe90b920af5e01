// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityTransport
import ComityWire
import FoundationEssentials
package import GRPCCore
import Logging
import SPIFFE
package import ServerAPIProtos
import SwiftProtobuf

extension SVIDService {
    /// Signs the CA of a server below this one. Of the request only the key counts.
    package func newDownstreamX509CA(
        request: Spire_Api_Server_Svid_V1_NewDownstreamX509CARequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Svid_V1_NewDownstreamX509CAResponse {
        let logger = RequestLogger.current
        return try await answering(logger) {
            guard !request.csr.isEmpty else { throw APIError(.invalidArgument, "missing CSR") }
            let csr = try readRequest(request.csr, badSignature: "invalid CSR signature")
            let chain = try issueCA(csr, ttl: request.preferredTtl)
            let record = try await naming("failed to fetch bundle") { try await bundles.bundle(of: trustDomain) }
            guard let record else { throw APIError(.notFound, "bundle not found") }
            logger.info(
                "Signed downstream X.509 CA",
                metadata: ["spiffe_id": "\(Caller.current.id?.uri ?? "")", "chain_length": "\(chain.count)"])
            return .with {
                $0.caCertChain = chain.map { Data($0) }
                $0.x509Authorities = record.bundle.x509Authorities.map { Data($0.derBytes) }
            }
        }
    }

    /// - Parameter ttl: Seconds; 0 or less stands for the life of the server's own CAs.
    private func issueCA(_ csr: VerifiedCertificateRequest, ttl: Int32) throws(APIError) -> [[UInt8]] {
        do throws(AuthorityError) {
            return try issuers.issueCA { issuer throws(AuthorityError) in
                try issuer.issueCA(
                    publicKey: csr.publicKey, ttl: ttl > 0 ? TimeInterval(ttl) : policy.authorityTTL, now: now())
            }
        } catch {
            throw APIError(.internalError, "failed to sign downstream X.509 CA", cause: error)
        }
    }
}
