// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
package import ComityRegistry
import ComityTransport
import ComityWire
package import FoundationEssentials
import GRPCCore
package import SPIFFE
import SPIFFEWorkloadAPI
import ServerAPIProtos
import SwiftProtobuf

/// Another server of the same trust domain, Comity's or SPIRE's.
///
/// Each call connects with the SVID of the moment, so that there is none to keep fresh.
package struct SPIREUpstreamAuthority: UpstreamAuthority {
    private typealias Bundle = Spire_Api_Server_Bundle_V1_Bundle.Client<GRPCConnection>
    private typealias SVID = Spire_Api_Server_Svid_V1_SVID.Client<GRPCConnection>

    private static let callTimeout = Duration.seconds(30)
    private static let publishTimeout = Duration.seconds(5)

    private let settings: SPIREUpstreamSettings
    private let trustDomain: TrustDomain

    package init(_ settings: SPIREUpstreamSettings, trustDomain: TrustDomain) {
        self.settings = settings
        self.trustDomain = trustDomain
    }

    package func mintX509CA(request: [UInt8], ttl: TimeInterval) async throws -> UnverifiedCAChain {
        let answer = try await connect("sign an X.509 CA") {
            try await SVID(wrapping: $0).newDownstreamX509CA(
                .with {
                    $0.csr = Data(request)
                    $0.preferredTtl = Int32(clamping: Int(ttl))
                })
        }
        return UnverifiedCAChain(
            certificates: try answer.caCertChain.map { try X509Authority(derBytes: Array($0)) },
            roots: try answer.x509Authorities.map { try X509Authority(derBytes: Array($0)) })
    }

    package func publish(_ authority: JWTAuthority, expiresAt: Date) async throws -> BundleRecord? {
        var record = BundleRecord(SPIFFEBundle(trustDomain: trustDomain, jwtAuthorities: [authority]))
        record.jwtExpirations[authority.keyID] = expiresAt
        let key = try Spire_Api_Types_JWTKey(authority, of: record)
        let answer = try await connect("publish a JWT key", timeout: Self.publishTimeout) {
            try await Bundle(wrapping: $0).publishJWTAuthority(.with { $0.jwtAuthority = key })
        }
        return try BundleRecord(
            received: .with {
                $0.trustDomain = trustDomain.name
                $0.jwtAuthorities = answer.jwtAuthorities
            })
    }

    package func bundle() async throws -> BundleRecord? {
        let answer = try await connect("send its bundle") { try await Bundle(wrapping: $0).getBundle(.init()) }
        let record = try BundleRecord(received: answer)
        guard record.trustDomain == trustDomain else {
            throw AuthorityError(
                .upstream, "upstream server is of trust domain \(record.trustDomain), not of \(trustDomain)")
        }
        return record
    }

    private func connect<Answer: Sendable>(
        _ doing: String, timeout: Duration = Self.callTimeout,
        _ body: (GRPCClient<GRPCConnection>) async throws -> Answer
    ) async throws -> Answer {
        do {
            return try await connector(timeout: timeout).withClient { try await body($0) }
        } catch {
            try Task.checkCancellation()
            let reason = (error as? RPCError)?.message ?? "\(error)"
            throw AuthorityError(
                .upstream, "upstream server \(settings.host):\(settings.port) did not \(doing): \(reason)")
        }
    }

    private func connector(timeout: Duration) async throws -> GRPCConnector {
        let context = try await WorkloadAPIClient(address: settings.workloadAPI).fetchX509Context()
        guard let credential = context.defaultCredential else {
            throw AuthorityError(
                .upstream, "workload API has no identity for this server; create an entry with -downstream for it")
        }
        let identity = TLSIdentitySource { credential }
        let serverID = SPIFFEID.server(of: trustDomain)
        let tls = ClientTLS(identity: { identity.current }) { certificates in
            let presented = try UnverifiedX509SVID(certificates: certificates)
            let svid = try presented.verified(by: context.bundles, at: Date(), role: .server)
            try Authorizer.id(serverID).authorize(svid.id)
        }
        return .tls(host: settings.host, port: settings.port, tls, callTimeout: timeout)
    }
}
