// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import FoundationEssentials
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftASN1
import Testing
import X509

@Suite struct SVIDServiceTests {
    typealias Names = [GeneralName]

    /// A server with one agent and two entries, of which the agent may have one.
    struct Setting {
        let server: AuthorityServer
        let authorities: LocalAuthorities
        let service: SVIDService
        let agent: AttestedNode
        let mine: Entry
        let foreign: Entry

        init(
            _ change: (inout Entry) -> Void = { _ in }, settings: (inout AuthoritySettings) -> Void = { _ in }
        ) async throws {
            server = try AuthorityServer(change: settings)
            authorities = try server.boot()
            try await authorities.start()
            agent = AttestedNode(
                id: try SPIFFEID("spiffe://example.org/spire/agent/join_token/one"), attestationType: "join_token",
                serialNumber: "1", expiresAt: server.clock.now + 3600)
            mine = try await Self.create("/mine", under: agent.id, server, change)
            foreign = try await Self.create(
                "/foreign", under: try SPIFFEID("spiffe://example.org/spire/agent/join_token/two"), server, { _ in })
            let index = LiveEntryIndex(
                store: server.store, trustDomain: server.trustDomain, logger: server.log.logger())
            try await index.load()
            let clock = server.clock
            service = SVIDService(
                trustDomain: server.trustDomain, issuers: authorities.issuers, policy: server.settings.svidPolicy,
                index: index, bundles: server.store, now: { clock.now })
        }

        private static func create(
            _ path: String, under parent: SPIFFEID, _ server: AuthorityServer, _ change: (inout Entry) -> Void
        ) async throws -> Entry {
            var entry = Entry(
                spiffeID: try SPIFFEID(trustDomain: server.trustDomain, path: path), parentID: parent,
                selectors: [try Selector(type: "unix", value: "uid:1")])
            change(&entry)
            guard case .created(let created) = try await server.store.createEntry(entry, now: server.clock.now) else {
                throw RegistryError(.internalError, "entry is there already")
            }
            return created
        }

        func batch(
            _ params: [(entry: String, csr: [UInt8])]
        ) async throws -> [Spire_Api_Server_Svid_V1_BatchNewX509SVIDResponse.Result] {
            var request = Spire_Api_Server_Svid_V1_BatchNewX509SVIDRequest()
            for param in params {
                var item = Spire_Api_Server_Svid_V1_NewX509SVIDParams()
                item.entryID = param.entry
                item.csr = Data(param.csr)
                request.params.append(item)
            }
            let sent = request
            return try await Caller.$current.withValue(.agent(agent)) {
                try await service.batchNewX509SVID(request: sent, context: .test).results
            }
        }

        func mint(_ csr: [UInt8], ttl: Int32 = 0) async throws -> Spire_Api_Types_X509SVID {
            var request = Spire_Api_Server_Svid_V1_MintX509SVIDRequest()
            request.csr = Data(csr)
            request.ttl = ttl
            return try await service.mintX509SVID(request: request, context: .test).svid
        }

        func token(entry: String, audience: [String]) async throws -> Spire_Api_Types_JWTSVID {
            var request = Spire_Api_Server_Svid_V1_NewJWTSVIDRequest()
            request.entryID = entry
            request.audience = audience
            let sent = request
            return try await Caller.$current.withValue(.agent(agent)) {
                try await service.newJWTSVID(request: sent, context: .test).svid
            }
        }

        func mintToken(_ id: SPIFFEID?, audience: [String], ttl: Int32 = 0) async throws -> Spire_Api_Types_JWTSVID {
            var request = Spire_Api_Server_Svid_V1_MintJWTSVIDRequest()
            if let id {
                request.id.trustDomain = id.trustDomain.name
                request.id.path = id.path
            }
            request.audience = audience
            request.ttl = ttl
            return try await service.mintJWTSVID(request: request, context: .test).svid
        }
    }

    static func csr(
        _ names: Names = [], subject: DistinguishedName = DistinguishedName(), signedBy other: SigningKey? = nil
    ) throws -> [UInt8] {
        let key = try SigningKey(generating: .ecP256, id: "leaf")
        let attributes: CertificateSigningRequest.Attributes =
            names.isEmpty
            ? .init()
            : try .init([.init(ExtensionRequest(extensions: try .init { SubjectAlternativeNames(names) }))])
        var request = try CertificateSigningRequest(
            version: .v1, subject: subject, privateKey: key.certificateKey, attributes: attributes,
            signatureAlgorithm: .ecdsaWithSHA256)
        if let other {
            let signature = try CertificateSigningRequest(
                version: .v1, subject: subject, privateKey: other.certificateKey, attributes: attributes,
                signatureAlgorithm: .ecdsaWithSHA256
            ).signature
            request = try CertificateSigningRequest(
                version: .v1, subject: subject, publicKey: key.publicKey, attributes: attributes,
                signatureAlgorithm: .ecdsaWithSHA256, signature: signature)
        }
        var serializer = DER.Serializer()
        try serializer.serialize(request)
        return serializer.serializedBytes
    }

    // MARK: - BatchNewX509SVID

    @Test func signsFromTheEntryNotFromTheRequest() async throws {
        let setting = try await Setting {
            $0.x509SVIDTTL = 120
            $0.dnsNames = ["web.example.org", "alt.example.org"]
        }
        let names: Names = [.uniformResourceIdentifier("spiffe://example.org/admin"), .dnsName("evil.example.org")]
        let csr = try Self.csr(names, subject: DistinguishedName { CommonName("evil") })
        let result = try #require(try await setting.batch([(setting.mine.id, csr)]).first)
        #expect(result.status.code == 0)
        #expect(result.status.message == "OK")
        #expect(result.svid.id.trustDomain == "example.org")
        #expect(result.svid.id.path == "/mine")
        #expect(result.svid.expiresAt == Int64(setting.server.clock.now.timeIntervalSince1970) + 120)
        #expect(result.svid.certChain.count == 1)
        let leaf = try Certificate(derEncoded: Array(result.svid.certChain[0]))
        let issued = try #require(try leaf.extensions.subjectAlternativeNames)
        #expect(
            Array(issued) == [
                .dnsName("web.example.org"), .dnsName("alt.example.org"),
                .uniformResourceIdentifier("spiffe://example.org/mine"),
            ])
        #expect("\(leaf.subject)" == "CN=web.example.org,O=SPIRE,C=US")
        let verified = try UnverifiedX509SVID(derCertificates: result.svid.certChain.map(Array.init))
            .verified(by: BundleSet([try await setting.server.bundle]), at: setting.server.clock.now)
        #expect(verified.id == setting.mine.spiffeID)
    }

    @Test func answersEachItemByItself() async throws {
        let setting = try await Setting()
        let good = try Self.csr()
        let forged = try Self.csr(signedBy: SigningKey(generating: .ecP256, id: "other"))
        let results = try await setting.batch([
            ("", good), (setting.mine.id, []), (setting.foreign.id, good), ("unknown", good),
            (setting.mine.id, [1, 2, 3]), (setting.mine.id, forged), (setting.mine.id, good),
            (setting.mine.id, good.dropLast(7)),
        ])
        let malformed = "malformed CSR: not a PKCS #10 request in DER, or not all of it"
        #expect(results.map(\.status.code) == [3, 3, 5, 5, 3, 3, 0, 3])
        #expect(
            Array(results.map(\.status.message).prefix(4)) == [
                "missing entry ID", "missing CSR", "entry not found or not authorized",
                "entry not found or not authorized",
            ])
        #expect(results[4].status.message == malformed)
        #expect(results[7].status.message == malformed)
        #expect(results[5].status.message == "invalid CSR signature: signature does not match the key in the request")
        #expect(results.map(\.hasSvid) == [false, false, false, false, false, false, true, false])
    }

    @Test func refusesEmptyBatch() async throws {
        let setting = try await Setting()
        await Self.expect(.invalidArgument, "missing parameters") { try await setting.batch([]) }
    }

    @Test func refusesWhoIsNoAgent() async throws {
        let setting = try await Setting()
        await Self.expect(.internalError, "caller ID missing from request context") {
            var request = Spire_Api_Server_Svid_V1_BatchNewX509SVIDRequest()
            request.params = [Spire_Api_Server_Svid_V1_NewX509SVIDParams()]
            return try await setting.service.batchNewX509SVID(request: request, context: .test)
        }
    }

    // MARK: - MintX509SVID

    @Test func mintsAsTheRequestSays() async throws {
        let setting = try await Setting()
        let names: Names = [.uniformResourceIdentifier("spiffe://example.org/new"), .dnsName("a.b"), .dnsName("c.d")]
        let csr = try Self.csr(names, subject: DistinguishedName { OrganizationName("Acme") })
        let svid = try await setting.mint(csr, ttl: 60)
        #expect(svid.id.path == "/new")
        #expect(svid.expiresAt == Int64(setting.server.clock.now.timeIntervalSince1970) + 60)
        let leaf = try Certificate(derEncoded: Array(svid.certChain[0]))
        #expect("\(leaf.subject)" == "CN=a.b,O=Acme")
        let issued = try #require(try leaf.extensions.subjectAlternativeNames)
        #expect(issued.contains(.dnsName("a.b")) && issued.contains(.dnsName("c.d")))
    }

    @Test func mintsWithDefaults() async throws {
        let setting = try await Setting()
        let svid = try await setting.mint(try Self.csr([.uniformResourceIdentifier("spiffe://example.org/new")]))
        #expect(svid.expiresAt == Int64(setting.server.clock.now.timeIntervalSince1970) + 3600)
        let leaf = try Certificate(derEncoded: Array(svid.certChain[0]))
        #expect("\(leaf.subject)" == "O=SPIRE,C=US")
    }

    struct Refusal: Sendable {
        var names: Names
        var text: String
    }

    static let good = GeneralName.uniformResourceIdentifier("spiffe://example.org/new")

    static let refusals = [
        Refusal(names: [], text: "CSR URI SAN is required"),
        Refusal(names: [.dnsName("a.b")], text: "CSR URI SAN is required"),
        Refusal(names: [good, good], text: "only one URI SAN is expected"),
        Refusal(
            names: [.uniformResourceIdentifier("https://example.org/new")],
            text: "CSR URI SAN is invalid: scheme is missing or invalid"),
        Refusal(
            names: [.uniformResourceIdentifier("spiffe://other.org/new")],
            text: "CSR URI SAN is invalid: \"spiffe://other.org/new\" is not a member of trust domain \"example.org\""),
        Refusal(
            names: [.uniformResourceIdentifier("spiffe://example.org")],
            text: "CSR URI SAN is invalid: \"spiffe://example.org\" is not a workload in trust domain \"example.org\"; "
                + "path is empty"),
        Refusal(
            names: [.uniformResourceIdentifier("spiffe://example.org/spire/server")],
            text: "CSR URI SAN is invalid: \"spiffe://example.org/spire/server\" is not a workload in trust domain "
                + "\"example.org\"; path is in the reserved namespace"),
        Refusal(names: [good, .dnsName("a..b")], text: "CSR DNS name is invalid: idna error: empty label"),
        Refusal(
            names: [good, .dnsName("a.example.org"), .dnsName("*.example.org")],
            text: "CSR DNS name contains a wildcard that covers another non-wildcard name: "
                + "\"*.example.org\" covers \"a.example.org\""),
    ]

    @Test(arguments: refusals) func refusesToMint(refusal: Refusal) async throws {
        let setting = try await Setting()
        await Self.expect(.invalidArgument, refusal.text) { try await setting.mint(try Self.csr(refusal.names)) }
    }

    @Test func refusesBadRequestsToMint() async throws {
        let setting = try await Setting()
        await Self.expect(.invalidArgument, "missing CSR") { try await setting.mint([]) }
        let forged = try Self.csr([Self.good], signedBy: SigningKey(generating: .ecP256, id: "other"))
        await Self.expect(
            .invalidArgument, "failed to verify CSR signature: signature does not match the key in the request"
        ) {
            try await setting.mint(forged)
        }
    }

    // MARK: - JWT

    @Test(arguments: [true, false]) func signsTokensFromTheEntry(hasID: Bool) async throws {
        let setting = try await Setting {
            $0.jwtSVIDTTL = 30
            $0.includesJTIInJWTSVID = hasID
        }
        let svid = try await setting.token(entry: setting.mine.id, audience: ["db", ""])
        let now = Int64(setting.server.clock.now.timeIntervalSince1970)
        #expect(svid.id.path == "/mine")
        #expect(svid.issuedAt == now)
        #expect(svid.expiresAt == now + 30)
        let verified = try UnverifiedJWTSVID(token: svid.token)
            .verified(
                by: BundleSet([try await setting.server.bundle]), audience: ["db"], at: setting.server.clock.now)
        #expect(verified.id == setting.mine.spiffeID)
        #expect(verified.claims.keys.contains("jti") == hasID)
    }

    @Test func refusesTokens() async throws {
        let setting = try await Setting()
        await Self.expect(.notFound, "entry not found or not authorized") {
            try await setting.token(entry: setting.foreign.id, audience: ["db"])
        }
        for audience in [[], [""]] {
            await Self.expect(.invalidArgument, "at least one audience is required") {
                try await setting.token(entry: setting.mine.id, audience: audience)
            }
        }
    }

    @Test func mintsTokens() async throws {
        let setting = try await Setting()
        let id = try SPIFFEID("spiffe://example.org/new")
        let svid = try await setting.mintToken(id, audience: ["db"])
        #expect(svid.expiresAt - svid.issuedAt == 300)
        #expect(try await setting.mintToken(id, audience: ["db"], ttl: 20).expiresAt == svid.issuedAt + 20)
        await Self.expect(.invalidArgument, "invalid SPIFFE ID: request must specify SPIFFE ID") {
            try await setting.mintToken(nil, audience: ["db"])
        }
        await Self.expect(.invalidArgument, "at least one audience is required") {
            try await setting.mintToken(id, audience: [])
        }
        let foreign = try SPIFFEID("spiffe://other.org/new")
        await Self.expect(
            .invalidArgument,
            "invalid SPIFFE ID: \"spiffe://other.org/new\" is not a member of trust domain \"example.org\""
        ) {
            try await setting.mintToken(foreign, audience: ["db"])
        }
    }

    @Test func saysWhatItDoesNot() async throws {
        let setting = try await Setting()
        let service = setting.service
        await Self.expect(.unimplemented, "WIT-SVID functionality is disabled") {
            try await service.mintWITSVID(request: .init(), context: .test)
        }
        await Self.expect(.unimplemented, "WIT-SVID functionality is disabled") {
            try await service.batchNewWITSVID(request: .init(), context: .test)
        }
    }

    private static func expect(
        _ code: RPCError.Code, _ message: String, _ call: () async throws -> some Sendable
    ) async {
        await expectRefusal(code, message, call)
    }
}
