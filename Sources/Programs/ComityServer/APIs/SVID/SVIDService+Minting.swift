// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityTransport
import ComityWire
package import GRPCCore
import SPIFFE
package import ServerAPIProtos
import SwiftProtobuf

/// Minting: an administrator says who the SVID is for.
extension SVIDService {
    package func mintX509SVID(
        request: Spire_Api_Server_Svid_V1_MintX509SVIDRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Svid_V1_MintX509SVIDResponse {
        let logger = RequestLogger.current
        return try await answering(logger) {
            guard !request.csr.isEmpty else { throw APIError(.invalidArgument, "missing CSR") }
            let csr = try readRequest(request.csr, badSignature: "failed to verify CSR signature")
            let svid = try issueX509(
                X509SVIDTemplate(
                    id: try mintedID(csr), publicKey: csr.publicKey, ttl: policy.lifetimes.x509(asked: request.ttl),
                    dnsNames: try mintedDNSNames(csr), subject: csr.subject.isEmpty ? nil : csr.subject,
                    hasUniqueID: policy.addsUniqueID))
            log(svid, logger)
            return .with { $0.svid = Spire_Api_Types_X509SVID(svid) }
        }
    }

    package func mintJWTSVID(
        request: Spire_Api_Server_Svid_V1_MintJWTSVIDRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Svid_V1_MintJWTSVIDResponse {
        let logger = RequestLogger.current
        return try await answering(logger) {
            try policy.requireJWT()
            let id = try naming(argument: "invalid SPIFFE ID") {
                let id = try SPIFFEID(request.hasID ? request.id : nil)
                try id.requireWorkload(in: trustDomain)
                return id
            }
            let svid = try issueJWT(id: id, audience: request.audience, ttl: request.ttl)
            log(svid, logger)
            return .with { $0.svid = Spire_Api_Types_JWTSVID(svid) }
        }
    }

    private func mintedID(_ csr: VerifiedCertificateRequest) throws(APIError) -> SPIFFEID {
        guard let uri = csr.uris.first else { throw APIError(.invalidArgument, "CSR URI SAN is required") }
        guard csr.uris.count == 1 else { throw APIError(.invalidArgument, "only one URI SAN is expected") }
        return try naming(argument: "CSR URI SAN is invalid") {
            let id = try SPIFFEID(uri)
            try id.requireWorkload(in: trustDomain)
            return id
        }
    }

    private func mintedDNSNames(_ csr: VerifiedCertificateRequest) throws(APIError) -> [String] {
        let names = try naming(argument: "CSR DNS name is invalid") {
            try csr.dnsNames.map { try DNSName($0).name }
        }
        let plain = Set(names)
        let covering = names.filter { $0.utf8.starts(with: "*.".utf8) }
        for name in plain where !covering.contains(name) {
            guard let dot = name.firstIndex(of: "."), covering.contains("*" + name[dot...]) else { continue }
            throw APIError(
                .invalidArgument, "CSR DNS name contains a wildcard that covers another non-wildcard name",
                cause: RegistryError(.invalidArgument, "\"*\(name[dot...])\" covers \"\(name)\""))
        }
        return names
    }
}
