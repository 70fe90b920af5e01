// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityAttestation
import ComityAttestors
import ComityRegistry
import ComityTesting
import ComityTransport
import ComityWorkloads
import Foundation
import GRPCCore
import SPIFFE
import ServerAPIProtos
import WorkloadAPIProtos

/// A Workload API on a real socket, with what it knows in the hands of the test.
struct WorkloadAPIFixture: Sendable {
    typealias API = Workload_SpiffeWorkloadAPI.Client<GRPCConnection>

    static let header: Metadata = ["workload.spiffe.io": "true"]

    let ca: TestCA
    let key: TestJWTKey
    let store: WorkloadStore
    let client: GRPCClient<GRPCConnection>
    let settings: AgentSettings
    let tokens: JWTSVIDSource

    var socketPath: String { settings.socketPath }
    var api: API { API(wrapping: client) }
    var health: Grpc_Health_V1_Health.Client<GRPCConnection> { .init(wrapping: client) }

    /// The own bundle: one X.509 and one JWT authority.
    var bundle: SPIFFEBundle {
        get throws {
            var bundle = try ca.bundle
            bundle.jwtAuthorities = [key.authority]
            return bundle
        }
    }

    static func with(
        log: RecordedLog = RecordedLog(), settings change: (inout AgentSettings) -> Void = { _ in },
        _ body: @Sendable (WorkloadAPIFixture) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        let ca = try TestCA("alpha.test")
        let key = try TestJWTKey(keyID: "alpha-key")
        var settings = try makeSettings(folder)
        change(&settings)
        var bundle = try ca.bundle
        bundle.jwtAuthorities = [key.authority]
        let store = WorkloadStore(WorkloadCache(bundle: bundle), signing: Alarm())
        let logger = log.logger()
        let tokens = JWTSVIDSource(logger: logger) { try token(ofEntry: $0, audience: $1, key) }
        let service = try WorkloadEndpoint(settings: settings, store: store, tokens: tokens, logger: logger)
            .makeService()
        try await withThrowingTaskGroup { group in
            group.addTask { try await service.run() }
            // Ends as soon as the socket is there, or throws.
            _ = await service.boundAddress
            try await GRPCConnector.unix(path: settings.socketPath).withClient { client in
                let fixture = WorkloadAPIFixture(
                    ca: ca, key: key, store: store, client: client, settings: settings, tokens: tokens)
                try await body(fixture)
            }
            group.cancelAll()
        }
    }

    /// Tells the agent all at once: its entries and the foreign bundles, with an SVID for each entry.
    func sync(_ entries: Entry..., foreign: [SPIFFEBundle] = [], sign: Bool = true) throws {
        store.synced(
            entries: Dictionary(uniqueKeysWithValues: entries.map { ($0.id, $0) }), bundle: try bundle,
            bundles: BundleSet(foreign))
        if sign { try signAll() }
    }

    func signAll() throws {
        let work = store.takeSigningWork(limit: 100)
        store.signed(try work.map { ($0.entry, try svid(of: $0.entry)) })
    }

    func svid(of entry: Entry) throws -> WorkloadSVID {
        let leaf = try ca.intermediate().leaf(entry.spiffeID)
        let credential = try leaf.credential()
        return WorkloadSVID(
            spiffeID: entry.spiffeID, certificateChain: try leaf.derCertificates,
            privateKey: try credential.privateKeyDER, notBefore: credential.notBefore, notAfter: credential.expiresAt)
    }

    /// An entry that this very process is entitled to, unless other selectors are given.
    func entry(
        _ id: String, selectors: [String] = ["unix:uid:\(geteuid())"], hint: String = "", createdAt: Int = 0,
        federatesWith: [String] = []
    ) throws -> Entry {
        var entry = Entry(
            id: id, spiffeID: try SPIFFEID("spiffe://alpha.test/\(id)"),
            parentID: try SPIFFEID("spiffe://alpha.test/node"), selectors: Set(try selectors.map { try Selector($0) }))
        entry.hint = hint
        entry.createdAt = Date(timeIntervalSince1970: Double(createdAt))
        entry.federatesWith = Set(try federatesWith.map { try TrustDomain($0) })
        return entry
    }

    /// What the server would sign: the name of an entry here is the path of its SPIFFE ID.
    private static func token(ofEntry id: String, audience: [String], _ key: TestJWTKey) throws -> JWTSVIDCache.Token {
        let end = Date(timeIntervalSinceNow: 300)
        let claims: JSONValue = [
            "sub": .string("spiffe://alpha.test/\(id)"), "aud": .array(audience.map { .string($0) }),
            "exp": .number(JSONNumber(Int(end.timeIntervalSince1970))), "iat": 1_700_000_000,
        ]
        return JWTSVIDCache.Token(
            spiffeID: try SPIFFEID("spiffe://alpha.test/\(id)"), token: try key.token(claims: claims),
            issuedAt: Date(), expiresAt: end)
    }

    private static func makeSettings(_ folder: TemporaryFolder) throws -> AgentSettings {
        AgentSettings(
            trustDomain: try TrustDomain("alpha.test"), serverAddress: "127.0.0.1", serverPort: 1,
            dataFolder: folder.path, socketPath: folder.path("public/api.sock"), keyStorage: .memory,
            trustBundle: .insecure, nodeAttestor: nil, workloadAttestors: [UnixWorkloadAttestor()])
    }
}
