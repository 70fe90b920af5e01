// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import GRPCCore
import SPIFFE
import SPIFFEWorkloadAPI
import SwiftProtobuf
import Synchronization
import Testing
import WorkloadAPIProtos

@Suite(.timeLimit(.minutes(1))) struct WorkloadAPIClientTests {
    private let ca: TestCA
    private let other: TestCA
    private let key: TestJWTKey

    init() throws {
        ca = try TestCA("example.org")
        other = try TestCA("partner.test")
        key = try TestJWTKey(keyID: "k1")
    }

    private func token(_ path: String) throws -> String {
        let id = JSONValue.string("spiffe://example.org" + path)
        return try key.token(claims: ["sub": id, "aud": ["db"], "exp": 4_000_000_000])
    }

    private var jwtBundle: SPIFFEBundle {
        SPIFFEBundle(trustDomain: ca.trustDomain, jwtAuthorities: [key.authority])
    }

    @Test("WEP-06, WEP-23: every call has the security header, and none is of another service")
    func sendsSecurityHeader() async throws {
        try await FakeWorkloadAPI().serving { agent in
            agent.x509.send(.of(try .of(ca.leaf("/web"), bundle: ca.bundle)))
            agent.x509Bundles.send(.of(try ca.bundle))
            agent.jwtBundles.send(.of(jwtBundle))
            var jwt = Workload_JWTSVIDResponse()
            jwt.svids = [.of("spiffe://example.org/web", token: try token("/web"))]
            agent.jwt.send(jwt)
            agent.validation.refuse(.invalidArgument)
            let client = try agent.client
            _ = try await client.fetchX509Context()
            _ = try await client.fetchX509Bundles()
            _ = try await client.fetchJWTBundles()
            _ = try await client.fetchJWTCredential(audience: ["db"])
            await #expect(throws: WorkloadAPIError(.invalidArgument, "")) {
                try await client.validateJWTSVID("x", audience: "db")
            }
            let methods = [
                "FetchX509SVID", "FetchX509Bundles", "FetchJWTBundles", "FetchJWTSVID", "ValidateJWTSVID",
            ]
            #expect(agent.calls == methods.map { .init(method: $0, header: ["true"]) })
        }
    }

    @Test("WEP-04: an agent may be reached by TCP too")
    func callsByTCP() async throws {
        try await FakeWorkloadAPI().servingByTCP { agent, port in
            agent.x509.send(.of(try .of(ca.leaf("/web"), bundle: ca.bundle)))
            let client = WorkloadAPIClient(address: try WorkloadAPIAddress("tcp://127.0.0.1:\(port)"))
            #expect(try await client.fetchX509Context().defaultCredential?.id.path == "/web")
        }
    }

    @Test("WAPI-22, WAPI-47: reads identities in order, with the bundles of their and of federated trust domains")
    func readsContext() async throws {
        try await FakeWorkloadAPI().serving { agent in
            let intermediate = try ca.intermediate()
            agent.x509.send(
                .of(
                    try .of(intermediate.leaf("/web"), bundle: ca.bundle, hint: "internal"),
                    try .of(ca.leaf("/admin"), bundle: ca.bundle, hint: "external"), federated: [try other.bundle]))
            let context = try await agent.client.fetchX509Context()
            #expect(context.credentials.map(\.id.path) == ["/web", "/admin"])
            #expect(context.defaultCredential?.id.path == "/web")
            #expect(context.defaultCredential?.certificates.count == 2)
            #expect(context.bundles == BundleSet([try ca.bundle, try other.bundle]))
        }
    }

    @Test("WAPI-25: takes the first of two with one hint, and both without one")
    func readsHints() async throws {
        try await FakeWorkloadAPI().serving { agent in
            agent.x509.send(
                .of(
                    try .of(ca.leaf("/a"), bundle: ca.bundle, hint: "x"),
                    try .of(ca.leaf("/b"), bundle: ca.bundle, hint: "x"),
                    try .of(ca.leaf("/c"), bundle: ca.bundle), try .of(ca.leaf("/d"), bundle: ca.bundle)))
            let context = try await agent.client.fetchX509Context()
            #expect(context.credentials.map(\.id.path) == ["/a", "/c", "/d"])
        }
    }

    @Test("WAPI-49: an unknown hint finds nothing, not the default")
    func findsNothingByUnknownHint() throws {
        let context = X509Context(credentials: [try ca.leaf("/a").credential(hint: "x")])
        #expect(context.credential(hint: "x")?.id.path == "/a")
        #expect(context.credential(hint: "y") == nil)
    }

    @Test("WAPI-23: passes over revocation lists")
    func ignoresRevocationLists() async throws {
        try await FakeWorkloadAPI().serving { agent in
            var message = Workload_X509SVIDResponse.of(try .of(ca.leaf("/web"), bundle: ca.bundle))
            message.crl = [Data([1, 2, 3])]
            agent.x509.send(message)
            #expect(try await agent.client.fetchX509Context().credentials.count == 1)
        }
    }

    struct Flaw: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var make: @Sendable (inout Workload_X509SVIDResponse) throws -> Void

        init(_ testDescription: String, _ make: @escaping @Sendable (inout Workload_X509SVIDResponse) throws -> Void) {
            self.testDescription = testDescription
            self.make = make
        }
    }

    static let flaws: [Flaw] = [
        Flaw("no SVID") { $0.svids = [] },
        Flaw("no chain") { $0.svids[0].x509Svid = Data() },
        Flaw("no key") { $0.svids[0].x509SvidKey = Data() },
        Flaw("no bundle") { $0.svids[0].bundle = Data() },
        Flaw("no ID") { $0.svids[0].spiffeID = "" },
        Flaw("another's ID") { $0.svids[0].spiffeID = "spiffe://example.org/other" },
        Flaw("trailing byte") { $0.svids[0].x509Svid.append(0) },
        Flaw("truncated chain") { $0.svids[0].x509Svid.removeLast() },
        Flaw("truncated bundle") { $0.svids[0].bundle.removeLast() },
        Flaw("another's key") { $0.svids[0].x509SvidKey = Data(try TestCA().leaf().credential().privateKeyDER) },
        Flaw("name instead of ID as key") { $0.federatedBundles["spiffe://Partner"] = $0.svids[0].bundle },
        Flaw("broken foreign bundle") { $0.federatedBundles["spiffe://partner.test"] = Data([0x30]) },
    ]

    @Test("WAPI-14, WAPI-19: discards a message with a flaw and keeps what it had", arguments: flaws)
    func discardsFlawedMessage(flaw: Flaw) async throws {
        try await FakeWorkloadAPI().serving { agent in
            let good = Workload_X509SVIDResponse.of(try .of(ca.leaf("/web"), bundle: ca.bundle))
            var bad = good
            try flaw.make(&bad)
            agent.x509.send(bad)
            await #expect(throws: WorkloadAPIError(.malformedAnswer, "")) {
                try await agent.client.fetchX509Context()
            }
            agent.x509.send(good)
            var updates = try agent.client.x509Contexts.makeAsyncIterator()
            #expect(try await updates.next()?.defaultCredential?.id.path == "/web")
            let streams = agent.calls.count
            agent.x509.send(bad)
            agent.x509.send(.of(try .of(ca.leaf("/next"), bundle: ca.bundle)))
            #expect(try await updates.next()?.defaultCredential?.id.path == "/next")
            #expect(agent.calls.count == streams, "the stream stays")
        }
    }

    @Test("WAPI-20: refuses keys that are not PKCS#8", arguments: ["SEC1", "PKCS1"])
    func refusesOtherKeyForms(form: String) async throws {
        let type = form == "SEC1" ? TestKeyType.p256 : .rsa2048
        let svid = try ca.leaf("/web") { $0.keyType = type }
        let folder = try TemporaryFolder()
        try Data(svid.keyPEM.utf8).write(to: URL(filePath: folder.path("key.pem")))
        let options = form == "SEC1" ? ["ec"] : ["rsa", "-traditional"]
        let converted = try await ToolCommand.run(
            "openssl", options + ["-in", folder.path("key.pem"), "-outform", "DER", "-out", folder.path("key.der")])
        try #require(converted.exitCode == 0, "\(converted.errors)")
        try await FakeWorkloadAPI().serving { agent in
            var message = Workload_X509SVIDResponse.of(try .of(svid, bundle: ca.bundle))
            agent.x509.send(message)
            #expect(try await agent.client.fetchX509Context().credentials.count == 1)
            message.svids[0].x509SvidKey = try Data(contentsOf: URL(filePath: folder.path("key.der")))
            agent.x509.send(message)
            await #expect(throws: WorkloadAPIError(.malformedAnswer, "")) {
                try await agent.client.fetchX509Context()
            }
        }
    }

    @Test("WAPI-30, WAPI-25: asks for the audience in its order and takes the first of one hint")
    func fetchesJWT() async throws {
        try await FakeWorkloadAPI().serving { agent in
            var answer = Workload_JWTSVIDResponse()
            answer.svids = [
                .of("spiffe://example.org/a", token: try token("/a"), hint: "x"),
                .of("spiffe://example.org/b", token: try token("/b"), hint: "x"),
                .of("spiffe://example.org/c", token: try token("/c")),
            ]
            agent.jwt.send(answer)
            let id = try SPIFFEID("spiffe://example.org/a")
            let credentials = try await agent.client.fetchJWTCredentials(audience: ["z", "db", "a"], id: id)
            #expect(credentials.map(\.id.path) == ["/a", "/c"])
            let request = agent.jwtRequests.withLock { $0[0] }
            #expect(request.audience == ["z", "db", "a"])
            #expect(request.spiffeID == "spiffe://example.org/a")
        }
    }

    @Test("WAPI-39, WAPI-14: refuses tokens and validations with missing fields")
    func refusesFlawedJWTAnswers() async throws {
        try await FakeWorkloadAPI().serving { agent in
            let client = try agent.client
            let good = Workload_JWTSVID.of("spiffe://example.org/a", token: try token("/a"))
            let flawed: [[Workload_JWTSVID]] = [
                [], [.of("", token: good.svid)], [.of(good.spiffeID, token: "")],
                [.of("spiffe://example.org/other", token: good.svid)], [good, .of("", token: "")],
            ]
            for svids in flawed {
                var answer = Workload_JWTSVIDResponse()
                answer.svids = svids
                agent.jwt.send(answer)
                await #expect(throws: WorkloadAPIError(.malformedAnswer, "")) {
                    try await client.fetchJWTCredentials(audience: ["db"])
                }
            }
            var validation = Workload_ValidateJWTSVIDResponse()
            validation.spiffeID = "spiffe://example.org/a"
            agent.validation.send(validation)
            await #expect(throws: WorkloadAPIError(.malformedAnswer, "")) {
                try await client.validateJWTSVID("x", audience: "db")
            }
            await #expect(throws: WorkloadAPIError(.invalidArgument, "")) {
                try await client.fetchJWTCredentials(audience: [])
            }
        }
    }

    @Test("WAPI-40: lets the agent validate")
    func validates() async throws {
        try await FakeWorkloadAPI().serving { agent in
            var answer = Workload_ValidateJWTSVIDResponse()
            answer.spiffeID = "spiffe://example.org/a"
            answer.claims.fields["sub"] = "spiffe://example.org/a"
            answer.claims.fields["exp"] = 4_000_000_000
            answer.claims.fields["more"] = .init(listValue: .init(values: [.init(boolValue: true)]))
            agent.validation.send(answer)
            let validation = try await agent.client.validateJWTSVID("token", audience: "db")
            #expect(validation.id.uri == "spiffe://example.org/a")
            #expect(validation.claims["exp"]?.number?.double == 4_000_000_000)
            #expect(validation.claims["more"] == [true])
        }
    }

    @Test("WAPI-36: takes JWT keys without use and of its own use, no others (D-25)")
    func readsJWTKeys() async throws {
        try await FakeWorkloadAPI().serving { agent in
            let keys = try ["none", "own", "foreign"].map { try TestJWTKey(keyID: $0) }
            let uses: [JSONValue?] = [nil, "jwt-svid", "wit-svid"]
            let set = try zip(keys, uses).map { key, use in
                let bundle = SPIFFEBundle(trustDomain: ca.trustDomain, jwtAuthorities: [key.authority])
                var jwk = try #require(
                    JSONValue(parsing: bundle.jwtKeySet(), maximumBytes: 4096)["keys"]?.array?.first?.object)
                jwk["use"] = use
                return JSONValue.object(jwk)
            }
            var message = Workload_JWTBundlesResponse()
            message.bundles["spiffe://example.org"] = Data("\(JSONValue.object(["keys": .array(set)]))".utf8)
            agent.jwtBundles.send(message)
            let bundle = try await agent.client.fetchJWTBundles()[ca.trustDomain]
            #expect(bundle?.jwtAuthorities.map(\.keyID) == ["none", "own"])
        }
    }

    @Test(
        "WEP-16, WEP-19: calls once when repeating is no use",
        arguments: [RPCError.Code.invalidArgument, .unimplemented])
    func callsOnce(code: RPCError.Code) async throws {
        try await FakeWorkloadAPI().serving { agent in
            agent.x509.refuse(code, "no use")
            let expected: WorkloadAPIError.Code = code == .unimplemented ? .unimplemented : .invalidArgument
            let error = await #expect(throws: WorkloadAPIError.self) {
                for try await _ in try agent.client.x509Contexts {}
            }
            #expect(error?.code == expected)
            #expect(error?.message == "no use")
            #expect(agent.calls.count == 1)
        }
    }

    @Test("WEP-17: an absent agent is unavailable, with the reason")
    func tellsWhyUnavailable() async throws {
        let client = WorkloadAPIClient(address: try WorkloadAPIAddress("unix:///tmp/comity-no-such-agent.sock"))
        let error = await #expect(throws: WorkloadAPIError.self) { try await client.fetchX509Context() }
        #expect(error?.code == .unavailable)
        #expect(error?.description.contains("comity-no-such-agent.sock") == true)
    }

    @Test func givesUpOnASilentAgent() async throws {
        try await FakeWorkloadAPI().serving { agent in
            var client = try agent.client
            client.callTimeout = .milliseconds(50)
            let silent = client
            await #expect(throws: WorkloadAPIError(.unavailable, "")) { try await silent.fetchX509Context() }
        }
    }

    @Test func refusesAnOversizedAnswer() async throws {
        try await FakeWorkloadAPI().serving { agent in
            var message = Workload_X509SVIDResponse.of(try .of(ca.leaf("/web"), bundle: ca.bundle))
            message.crl = [Data(count: 5 << 20)]
            agent.x509.send(message)
            await #expect(throws: WorkloadAPIError.self) { try await agent.client.fetchX509Context() }
        }
    }
}
