// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import ComityTransport
import ComityWire
import Foundation
import GRPCCore
import GRPCProtobuf
import Logging
import SPIFFE
import ServerAPIProtos
import SwiftASN1
import SwiftProtobuf
import Synchronization
import X509

/// A server that does what a real one never would. It speaks the real wire, TLS included.
final class FakeServer: RegistrableRPCService {
    struct Behavior: Sendable {
        /// Refuses every call but attestation.
        var refusal: RPCError?
        var attestationRefusal: RPCError?
        /// How many attestations are refused before one is not.
        var refusedAttestations = Int.max
        var canReattest = false
        var agentLifetime: TimeInterval = 3600
        var workloadLifetime: TimeInterval = 3600
        var entries: [Entry] = []
        var foreign: [SPIFFEBundle] = []
        /// Entries that get a chain of garbage instead of a certificate.
        var garbledEntries: Set<String> = []
    }

    struct Calls: Hashable, Sendable {
        var attestations = 0
        var renewals = 0
        var syncs = 0
        /// The leaf serials that agents presented, in the order in which they were first seen.
        var serials: [String] = []
    }

    let ca: TestCA
    let key: TestJWTKey
    private let behavior = Mutex(Behavior())
    private let calls = Mutex(Calls())

    init() throws {
        ca = try TestCA("alpha.test")
        key = try TestJWTKey(keyID: "alpha-key")
    }

    var counts: Calls { calls.withLock { $0 } }

    func change(_ change: @Sendable (inout Behavior) -> Void) {
        behavior.withLock { change(&$0) }
    }

    /// Serves until the body ends; answers with the port.
    func serve<Result: Sendable>(port: Int = 0, _ body: (Int) async throws -> Result) async throws -> Result {
        let credential = try ca.leaf("/spire/server").credential()
        let tls = ServerTLS.spiffe(
            credential: { credential }, bundles: { [ca] in (try? ca.bundles) ?? BundleSet() })
        let listener = GRPCListener.tls(host: "127.0.0.1", port: port, tls)
        let logger = Logger(label: "fake") { _ in SwiftLogNoOpLogHandler() }
        let server = GRPCServer(transport: listener.makeTransport(logger: logger), services: [self])
        return try await withThrowingTaskGroup { group in
            group.addTask { try await server.serve() }
            let bound = await server.transport.boundAddress?.port ?? 0
            // Not by cancellation: that traps in swift-nio when a stream is opened at the same moment.
            defer { server.beginGracefulShutdown() }
            return try await body(bound)
        }
    }

    func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
        unary(Spire_Api_Server_Agent_V1_Agent.Method.RenewAgent.descriptor, with: &router, answer: renew)
        unary(Spire_Api_Server_Agent_V1_Agent.Method.PostStatus.descriptor, with: &router) {
            (_: Spire_Api_Server_Agent_V1_PostStatusRequest) in Spire_Api_Server_Agent_V1_PostStatusResponse()
        }
        unary(Spire_Api_Server_Bundle_V1_Bundle.Method.GetBundle.descriptor, with: &router, answer: bundle)
        unary(
            Spire_Api_Server_Bundle_V1_Bundle.Method.GetFederatedBundle.descriptor, with: &router,
            answer: federatedBundle)
        unary(Spire_Api_Server_Svid_V1_SVID.Method.BatchNewX509SVID.descriptor, with: &router, answer: sign)
        unary(Spire_Api_Server_Svid_V1_SVID.Method.NewJWTSVID.descriptor, with: &router, answer: token)
        first(Spire_Api_Server_Agent_V1_Agent.Method.AttestAgent.descriptor, with: &router, answer: attest)
        first(Spire_Api_Server_Entry_V1_Entry.Method.SyncAuthorizedEntries.descriptor, with: &router, answer: sync)
    }

    // MARK: - Answers

    private func attest(
        _ request: Spire_Api_Server_Agent_V1_AttestAgentRequest
    ) throws -> Spire_Api_Server_Agent_V1_AttestAgentResponse {
        let behavior = behavior.withLock { $0 }
        let attempt = calls.withLock { calls in
            calls.attestations += 1
            return calls.attestations
        }
        if let refusal = behavior.attestationRefusal, attempt <= behavior.refusedAttestations { throw refusal }
        let id = try SPIFFEID("spiffe://alpha.test/spire/agent/\(request.params.data.type)/one")
        let svid = try issue(id, csr: request.params.params.csr, lifetime: behavior.agentLifetime)
        return .with {
            $0.result.svid = svid
            $0.result.reattestable = behavior.canReattest
        }
    }

    private func renew(
        _ request: Spire_Api_Server_Agent_V1_RenewAgentRequest
    ) throws -> Spire_Api_Server_Agent_V1_RenewAgentResponse {
        let behavior = try checked()
        calls.withLock { $0.renewals += 1 }
        let id = try SPIFFEID("spiffe://alpha.test/spire/agent/join_token/one")
        let svid = try issue(id, csr: request.params.csr, lifetime: behavior.agentLifetime)
        return .with { $0.svid = svid }
    }

    private func bundle(_: Spire_Api_Server_Bundle_V1_GetBundleRequest) throws -> Spire_Api_Types_Bundle {
        var bundle = try ca.bundle
        bundle.jwtAuthorities = [key.authority]
        return try Spire_Api_Types_Bundle(BundleRecord(bundle))
    }

    private func federatedBundle(
        _ request: Spire_Api_Server_Bundle_V1_GetFederatedBundleRequest
    ) throws -> Spire_Api_Types_Bundle {
        let bundles = try checked().foreign
        guard let bundle = bundles.first(where: { $0.trustDomain.name == request.trustDomain }) else {
            throw RPCError(code: .notFound, message: "bundle not found")
        }
        return try Spire_Api_Types_Bundle(BundleRecord(bundle))
    }

    private func sync(
        _: Spire_Api_Server_Entry_V1_SyncAuthorizedEntriesRequest
    ) throws -> Spire_Api_Server_Entry_V1_SyncAuthorizedEntriesResponse {
        calls.withLock { $0.syncs += 1 }
        let entries = try checked().entries
        return .with { $0.entries = entries.map { Spire_Api_Types_Entry($0) } }
    }

    private func sign(
        _ request: Spire_Api_Server_Svid_V1_BatchNewX509SVIDRequest
    ) throws -> Spire_Api_Server_Svid_V1_BatchNewX509SVIDResponse {
        let behavior = try checked()
        let results = try request.params.map { item in
            guard let entry = behavior.entries.first(where: { $0.id == item.entryID }) else {
                return Spire_Api_Server_Svid_V1_BatchNewX509SVIDResponse.Result.with { $0.status.code = 5 }
            }
            var svid = try issue(entry.spiffeID, csr: item.csr, lifetime: behavior.workloadLifetime)
            if behavior.garbledEntries.contains(entry.id) { svid.certChain = [Data([0x30, 0x03, 0x02, 0x01, 0x01])] }
            return .with { $0.svid = svid }
        }
        return .with { $0.results = results }
    }

    private func token(
        _ request: Spire_Api_Server_Svid_V1_NewJWTSVIDRequest
    ) throws -> Spire_Api_Server_Svid_V1_NewJWTSVIDResponse {
        let behavior = try checked()
        guard let entry = behavior.entries.first(where: { $0.id == request.entryID }) else {
            throw RPCError(code: .notFound, message: "entry not found")
        }
        let now = Int64(Date().timeIntervalSince1970)
        let text = try key.token(claims: [
            "sub": .string(entry.spiffeID.uri), "aud": .array(request.audience.map { .string($0) }),
            "exp": .number(JSONNumber(now + 300)), "iat": .number(JSONNumber(now)),
        ])
        return .with {
            $0.svid.token = text
            $0.svid.id = Spire_Api_Types_SPIFFEID(entry.spiffeID)
            $0.svid.issuedAt = now
            $0.svid.expiresAt = now + 300
        }
    }

    private func checked() throws -> Behavior {
        let behavior = behavior.withLock { $0 }
        if let refusal = behavior.refusal { throw refusal }
        return behavior
    }

    private func issue(_ id: SPIFFEID, csr: Data, lifetime: TimeInterval) throws -> Spire_Api_Types_X509SVID {
        let request = try CertificateSigningRequest(derEncoded: Array(csr))
        let leaf = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: request.publicKey,
            notValidBefore: Date(timeIntervalSinceNow: -1),
            notValidAfter: Date(timeIntervalSinceNow: lifetime), issuer: ca.certificate.subject,
            subject: DistinguishedName { CommonName("agent") }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth, .clientAuth])
                SubjectAlternativeNames([.uniformResourceIdentifier(id.uri)])
            }, issuerPrivateKey: ca.key)
        let der = try leaf.derBytes
        return .with {
            $0.certChain = [Data(der)]
            $0.id = Spire_Api_Types_SPIFFEID(id)
        }
    }

    // MARK: - Wiring

    private func unary<Request: Message, Answer: Message, Transport: ServerTransport>(
        _ method: MethodDescriptor, with router: inout RPCRouter<Transport>,
        answer: @escaping @Sendable (Request) throws -> Answer
    ) {
        first(method, with: &router, answer: answer)
    }

    /// Answers the first message of a call with one message.
    private func first<Request: Message, Answer: Message, Transport: ServerTransport>(
        _ method: MethodDescriptor, with router: inout RPCRouter<Transport>,
        answer: @escaping @Sendable (Request) throws -> Answer
    ) {
        router.registerHandler(
            forMethod: method, deserializer: ProtobufDeserializer<Request>(),
            serializer: ProtobufSerializer<Answer>()
        ) { [self] request, context in
            note(context.peer?.tls)
            return StreamingServerResponse { writer in
                for try await message in request.messages {
                    try await writer.write(try answer(message))
                    break
                }
                return [:]
            }
        }
    }

    private func note(_ peer: TLSPeer?) {
        guard let serial = peer?.certificates.first.map({ "\($0.serialNumber)" }) else { return }
        calls.withLock { calls in
            if !calls.serials.contains(serial) { calls.serials.append(serial) }
        }
    }
}
