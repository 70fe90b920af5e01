// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityTransport
import ComityWire
import ComityWorkloads
import FoundationEssentials
import GRPCCore
import Logging
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import X509

/// The calls an agent makes to its server, in domain values.
struct ServerClient: Sendable {
    private typealias Agent = Spire_Api_Server_Agent_V1_Agent.Client<GRPCConnection>
    private typealias Bundle = Spire_Api_Server_Bundle_V1_Bundle.Client<GRPCConnection>
    private typealias SVID = Spire_Api_Server_Svid_V1_SVID.Client<GRPCConnection>

    private let client: GRPCClient<GRPCConnection>
    private let connection: GRPCConnection
    private let trustDomain: TrustDomain
    private let logger: Logger

    init(client: GRPCClient<GRPCConnection>, connection: GRPCConnection, trustDomain: TrustDomain, logger: Logger) {
        self.client = client
        self.connection = connection
        self.trustDomain = trustDomain
        self.logger = logger
    }

    /// Lets the calls from now on use the credential and the bundle of now.
    func reconnect() throws {
        try connection.reconnect()
    }

    // MARK: - Agent

    func attest(_ exchange: AttestationExchange) async throws -> AgentCertificates {
        try await exchange.run(over: client)
    }

    func renew(csr: [UInt8]) async throws -> AgentCertificates {
        let answer = try await Agent(wrapping: client).renewAgent(.with { $0.params.csr = Data(csr) })
        return try AgentCertificates(answer.svid, canReattest: false)
    }

    func postStatus(version: String) async throws {
        _ = try await Agent(wrapping: client).postStatus(.with { $0.agentVersion = version })
    }

    // MARK: - Bundles

    func bundle() async throws -> BundleRecord {
        let bundle = try BundleRecord(received: try await Bundle(wrapping: client).getBundle(.init()))
        guard bundle.trustDomain == trustDomain else {
            throw AgentError(.bootstrap, "server sent the bundle of \(bundle.trustDomain) as its own")
        }
        return bundle
    }

    /// `nil` when the server has none.
    func federatedBundle(of foreign: TrustDomain) async throws -> SPIFFEBundle? {
        do {
            let answer = try await Bundle(wrapping: client).getFederatedBundle(.with { $0.trustDomain = foreign.name })
            let bundle = try BundleRecord(received: answer).bundle
            guard bundle.trustDomain == foreign, foreign != trustDomain else {
                throw AgentError(.bootstrap, "server sent the bundle of \(bundle.trustDomain) as that of \(foreign)")
            }
            return bundle
        } catch let error as RPCError where error.code == .notFound {
            return nil
        }
    }

    // MARK: - Entries

    func entries(_ retrieval: EntryRetrieval) async throws -> [String: Entry] {
        try await EntryExchange(retrieval: retrieval, trustDomain: trustDomain, logger: logger).run(over: client)
    }

    // MARK: - SVIDs

    /// Answers in the order of the requests; `nil` chains are refused, for the reason given.
    func sign(_ requests: [(entryID: String, csr: [UInt8])]) async throws -> [Result<[[UInt8]], RPCError>] {
        let message = Spire_Api_Server_Svid_V1_BatchNewX509SVIDRequest.with { message in
            message.params = requests.map { request in
                .with {
                    $0.entryID = request.entryID
                    $0.csr = Data(request.csr)
                }
            }
        }
        let answer = try await SVID(wrapping: client).batchNewX509SVID(message)
        guard answer.results.count == requests.count else {
            throw RPCError(
                code: .internalError,
                message: "server answered \(answer.results.count) of \(requests.count) signing requests")
        }
        return answer.results.map { result in
            guard result.status.code == 0 else {
                let code = Status.Code(rawValue: Int(result.status.code)).flatMap { RPCError.Code($0) }
                return .failure(RPCError(code: code ?? .unknown, message: result.status.message))
            }
            return .success(result.svid.certChain.map { Array($0) })
        }
    }

    func jwtSVID(entryID: String, audience: [String]) async throws -> JWTSVIDCache.Token {
        let answer = try await SVID(wrapping: client).newJWTSVID(
            .with {
                $0.entryID = entryID
                $0.audience = audience
            })
        return JWTSVIDCache.Token(
            spiffeID: try SPIFFEID(answer.svid.id), token: answer.svid.token,
            issuedAt: Date(timeIntervalSince1970: TimeInterval(answer.svid.issuedAt)),
            expiresAt: Date(timeIntervalSince1970: TimeInterval(answer.svid.expiresAt)))
    }
}
