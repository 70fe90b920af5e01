// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityTesting
import Foundation
import GRPCCore
import SPIFFE
import SwiftProtobuf
import Testing
import WorkloadAPIProtos

/// What the rules of JWT-SVID refuse, `ValidateJWTSVID` refuses.
@Suite(.timeLimit(.minutes(1))) struct JWTValidationTests {
    struct Flaw: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var make: @Sendable (TestJWTKey, _ claims: JSONObject) throws -> String

        init(_ requirement: String, _ make: @escaping @Sendable (TestJWTKey, JSONObject) throws -> String) {
            testDescription = requirement
            self.make = make
        }

        /// A token with one header parameter changed or, by `nil`, left out.
        init(_ requirement: String, header name: String, _ value: JSONValue?) {
            self.init(requirement) { key, claims in
                var header = key.header.object ?? [:]
                header[name] = value
                return try key.token(header: .object(header), claims: .object(claims))
            }
        }

        /// A token with one claim changed or, by `nil`, left out.
        init(_ requirement: String, claim name: String, _ value: JSONValue?) {
            self.init(requirement) { key, claims in
                var claims = claims
                claims[name] = value
                return try key.token(claims: .object(claims))
            }
        }

        /// A good token whose text is changed.
        init(_ requirement: String, text change: @escaping @Sendable (_ parts: [String]) -> String) {
            self.init(requirement) { key, claims in
                change(try key.token(claims: .object(claims)).split(separator: ".").map(String.init))
            }
        }
    }

    static let flaws = [
        Flaw("JWT-01 two parts") { "\($0[0]).\($0[1])" },
        Flaw("JWT-01 JSON serialization") {
            #"{"protected":"\#($0[0])","payload":"\#($0[1])","signature":"\#($0[2])"}"#
        },
        Flaw("JWT-02 jku", header: "jku", "https://example.org/keys"),
        Flaw("JWT-02 crit", header: "crit", ["exp"]),
        Flaw("JWT-03 five parts") { $0.joined(separator: ".") + ".AQ.AQ" },
        Flaw("JWT-04 none", header: "alg", "none"),
        Flaw("JWT-04 HMAC", header: "alg", "HS256"),
        Flaw("JWT-06 unknown key ID", header: "kid", "other"),
        Flaw("JWT-06 key ID of another type", header: "kid", 7),
        Flaw("JWT-07 type", header: "typ", "at+jwt"),
        Flaw("JWT-09 no subject", claim: "sub", nil),
        Flaw("JWT-09 subject that is no ID", claim: "sub", "alpha"),
        Flaw("JWT-11 no audience", claim: "aud", nil),
        Flaw("JWT-11 empty audience", claim: "aud", []),
        Flaw("JWT-11 another audience", claim: "aud", ["other"]),
        Flaw("JWT-14 no end", claim: "exp", nil),
        Flaw("JWT-14 end in a string", claim: "exp", "4102444800"),
        Flaw("JWT-15 ended", claim: "exp", 1_577_836_800),
        Flaw("JWT-16 not begun", claim: "nbf", 4_102_444_800),
        Flaw("JWT-17 claims of another token") { "\($0[0]).\(Base64.url.encode(Array("{}".utf8))).\($0[2])" },
        Flaw("JWT-17 padding") { $0.joined(separator: ".") + "=" },
        Flaw("JWT-17 signature of zeros") {
            "\($0[0]).\($0[1])." + Base64.url.encode([UInt8](repeating: 0, count: 64))
        },
        Flaw("JWT-17 signed by another key") { key, claims in
            try TestJWTKey(keyID: key.keyID).token(claims: .object(claims))
        },
        Flaw("JWT-18 repeated parameter") { key, claims in
            try key.token(
                headerText: #"{"alg":"none","alg":"ES256","kid":"alpha-key"}"#,
                claimsText: "\(JSONValue.object(claims))")
        },
        Flaw("JWT-27 of a trust domain without bundle", claim: "sub", "spiffe://gamma.test/x"),
    ]

    private static let claims: JSONObject = [
        "sub": "spiffe://alpha.test/x", "aud": ["aud"], "exp": 4_102_444_800,
    ]

    @Test("WAPI-37: a token that breaks a rule of JWT-SVID is an invalid argument", arguments: flaws)
    func refuses(flaw: Flaw) async throws {
        try await WorkloadAPIFixture.with { fixture in
            try fixture.sync(try fixture.entry("a"))
            let good = try fixture.key.token(claims: .object(Self.claims))
            #expect(try await validate(fixture, good).spiffeID == "spiffe://alpha.test/x")

            let bad = try flaw.make(fixture.key, Self.claims)
            let error = await #expect(throws: RPCError.self) { try await validate(fixture, bad) }

            #expect(error?.code == .invalidArgument)
            #expect(error?.message.contains(bad) == false)
        }
    }

    private func validate(
        _ fixture: WorkloadAPIFixture, _ token: String
    ) async throws -> Workload_ValidateJWTSVIDResponse {
        try await fixture.api.validateJWTSVID(
            .with {
                $0.audience = "aud"
                $0.svid = token
            }, metadata: WorkloadAPIFixture.header)
    }
}
