// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityRegistry
import ComityTesting
import Foundation
import GRPCCore
import SPIFFE
import SwiftProtobuf
import Testing
import WorkloadAPIProtos

@Suite(.timeLimit(.minutes(1))) struct JWTProfileTests {
    @Test("WAPI-31, WAPI-32: a token for each identity, or for the one asked for")
    func givesATokenForEachIdentity() async throws {
        try await WorkloadAPIFixture.with { fixture in
            try fixture.sync(try fixture.entry("a", hint: "h"), try fixture.entry("b"))

            let all = try await fetch(fixture, ["y", "x"])
            let one = try await fetch(fixture, ["y", "x"], "spiffe://alpha.test/b")

            #expect(all.svids.map(\.spiffeID) == ["spiffe://alpha.test/a", "spiffe://alpha.test/b"])
            #expect(all.svids.map(\.hint) == ["h", ""])
            #expect(one.svids.map(\.spiffeID) == ["spiffe://alpha.test/b"])
            for svid in all.svids {
                let token = try UnverifiedJWTSVID(token: svid.svid)
                    .verified(by: try fixture.bundle, audience: ["x"], at: Date())
                #expect(token.id.uri == svid.spiffeID)
                #expect(token.audience == ["y", "x"])
            }
        }
    }

    @Test(
        "WAPI-13, WAPI-33: what is missing or malformed is an invalid argument, what is not one's own not permitted",
        arguments: [
            ([], "", .invalidArgument, "audience must be specified"),
            ([""], "", .invalidArgument, "audience must be specified"),
            (["a"], "alpha.test/a", .invalidArgument, "invalid requested SPIFFE ID: scheme is missing or invalid"),
            (["a"], "spiffe://alpha.test/b", .permissionDenied, "no identity issued"),
            (["a"], "spiffe://beta.test/a", .permissionDenied, "no identity issued"),
        ] as [([String], String, RPCError.Code, String)])
    func refuses(audience: [String], id: String, code: RPCError.Code, text: String) async throws {
        try await WorkloadAPIFixture.with { fixture in
            try fixture.sync(try fixture.entry("a"))

            let error = await #expect(throws: RPCError.self) { try await fetch(fixture, audience, id) }

            #expect(error?.code == code)
            #expect(error?.message == text)
        }
    }

    @Test func refusesAudienceThatIsTooLong() async throws {
        try await WorkloadAPIFixture.with { fixture in
            try fixture.sync(try fixture.entry("a"))

            let error = await #expect(throws: RPCError.self) {
                try await fetch(fixture, [String(repeating: "a", count: 16_385)])
            }

            #expect(error?.code == .invalidArgument)
        }
    }

    @Test("WAPI-35, WAPI-36: JWT keys of the own and foreign trust domains and no other keys (D-25)")
    func sendsJWTKeysOnly() async throws {
        try await WorkloadAPIFixture.with { fixture in
            // One with both kinds of keys, one that has no JWT key.
            var beta = try TestCA("beta.test").bundle
            beta.jwtAuthorities = [try TestJWTKey(keyID: "beta-key").authority]
            let gamma = try TestCA("gamma.test").bundle
            try fixture.sync(
                try fixture.entry("a", federatesWith: ["beta.test", "gamma.test"]), foreign: [beta, gamma])

            let bundles = try await firstBundles(fixture)

            var keyIDs: [String: [String]] = [:]
            for (id, document) in bundles {
                let keys = try #require(
                    try JSONValue(parsing: Array(document), maximumBytes: 1 << 20)["keys"]?.array)
                #expect(keys.allSatisfy { $0["use"]?.string == "jwt-svid" })
                keyIDs[id] = keys.compactMap { $0["kid"]?.string }
            }
            #expect(
                keyIDs == [
                    "spiffe://alpha.test": ["alpha-key"], "spiffe://beta.test": ["beta-key"], "spiffe://gamma.test": [],
                ])
        }
    }

    @Test("WAPI-37, WAPI-41: a good token is confirmed, own or foreign, and never by another's bundle")
    func validates() async throws {
        try await WorkloadAPIFixture.with { fixture in
            let betaKey = try TestJWTKey(keyID: "beta-key")
            var beta = try TestCA("beta.test").bundle
            beta.jwtAuthorities = [betaKey.authority]
            try fixture.sync(try fixture.entry("a", federatesWith: ["beta.test"]), foreign: [beta])
            let own = try fixture.key.token(claims: claims("spiffe://alpha.test/x"))
            let foreign = try betaKey.token(claims: claims("spiffe://beta.test/x"))

            #expect(try await validate(fixture, own).spiffeID == "spiffe://alpha.test/x")
            #expect(try await validate(fixture, foreign).spiffeID == "spiffe://beta.test/x")
            for (token, text) in [
                (try betaKey.token(claims: claims("spiffe://alpha.test/x")), "public key \"beta-key\" not found"),
                (try betaKey.token(claims: claims("spiffe://gamma.test/x")), "no keys found for trust domain"),
                (try fixture.key.token(claims: claims("spiffe://alpha.test/x", end: -120)), "token has expired"),
                (
                    try fixture.key.token(claims: claims("spiffe://alpha.test/x", audience: "other")),
                    #"expected audience in ["aud"] (audience=["other"])"#
                ),
                ("x", "unable to parse JWT token"),
            ] {
                let error = await #expect(throws: RPCError.self) { try await validate(fixture, token) }
                #expect(error?.code == .invalidArgument)
                #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
            }
        }
    }

    @Test("WAPI-38: foreign claims are filtered, the standard's stay and the audience is a list")
    func filtersForeignClaims() async throws {
        try await WorkloadAPIFixture.with(settings: { $0.allowedForeignJWTClaims = ["team"] }) { fixture in
            let betaKey = try TestJWTKey(keyID: "beta-key")
            var beta = try TestCA("beta.test").bundle
            beta.jwtAuthorities = [betaKey.authority]
            try fixture.sync(try fixture.entry("a", federatesWith: ["beta.test"]), foreign: [beta])

            let own = try await validate(fixture, try fixture.key.token(claims: claims("spiffe://alpha.test/x")))
            let foreign = try await validate(fixture, try betaKey.token(claims: claims("spiffe://beta.test/x")))

            #expect(Set(own.claims.fields.keys) == ["sub", "aud", "exp", "team", "secret"])
            #expect(Set(foreign.claims.fields.keys) == ["sub", "aud", "exp", "team"])
            let aud = Google_Protobuf_Value(listValue: .init(values: [.init(stringValue: "aud")]))
            #expect(own.claims.fields["aud"] == aud)
            #expect(own.claims.fields["team"]?.structValue.fields["size"]?.numberValue == 3)
        }
    }

    @Test("WAPI-39: validation needs audience and token", arguments: [("", "x"), ("aud", "")])
    func refusesIncompleteValidation(audience: String, token: String) async throws {
        try await WorkloadAPIFixture.with { fixture in
            let error = await #expect(throws: RPCError.self) { try await validate(fixture, token, audience) }

            #expect(error?.code == .invalidArgument)
            #expect(error?.message == (audience.isEmpty ? "audience" : "svid") + " must be specified")
        }
    }

    private func claims(_ sub: String, audience: String = "aud", end: TimeInterval = 300) -> JSONValue {
        [
            "sub": .string(sub), "aud": .string(audience),
            "exp": .number(JSONNumber(Int(Date(timeIntervalSinceNow: end).timeIntervalSince1970))),
            "team": ["size": 3], "secret": "s",
        ]
    }

    private func fetch(
        _ fixture: WorkloadAPIFixture, _ audience: [String], _ id: String = ""
    ) async throws -> Workload_JWTSVIDResponse {
        try await fixture.api.fetchJWTSVID(
            .with {
                $0.audience = audience
                $0.spiffeID = id
            }, metadata: WorkloadAPIFixture.header)
    }

    private func validate(
        _ fixture: WorkloadAPIFixture, _ token: String, _ audience: String = "aud"
    ) async throws -> Workload_ValidateJWTSVIDResponse {
        try await fixture.api.validateJWTSVID(
            .with {
                $0.audience = audience
                $0.svid = token
            }, metadata: WorkloadAPIFixture.header)
    }

    private func firstBundles(_ fixture: WorkloadAPIFixture) async throws -> [String: Data] {
        try await fixture.api.fetchJWTBundles(.init(), metadata: WorkloadAPIFixture.header) { response in
            for try await message in response.messages { return message.bundles }
            return [:]
        }
    }
}
