// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

/// JWT-SVID §3: claims, and what the caller gets of them.
@Suite struct JWTClaimsTests {
    @Test("JWT-08: other claims are accepted and returned")
    func returnsOtherClaims() throws {
        var fixture = try TokenFixture()
        fixture.claims["iss"] = "https://issuer.example.org"
        fixture.claims["iat"] = TokenFixture.time(-10)
        fixture.claims["https://example.org/roles"] = ["admin", 18_446, ["nested": nil]]
        let svid = try fixture.verify(fixture.token())
        #expect(svid.claims == fixture.claims.dictionary)
        #expect(svid.audience == ["us"])
        #expect(svid.expiresAt == TestTime.now + 3600)
        #expect(svid.issuedAt == TestTime.now - 10)
        #expect(svid.keyID == "a")
        #expect(svid.token == (try UnverifiedJWTSVID(token: svid.token).token))
    }

    @Test(
        "JWT-09: sub is a SPIFFE ID",
        arguments: [
            nil, "", .null, 1, ["spiffe://example.org/a"], "web", "spiffe://Example.org/a", "spiffe://example.org/a/",
            "https://example.org/a", "spiffe://example.org/a?b", "spiffe:///a",
        ] as [JSONValue?])
    func refusesOtherSubjects(_ subject: JSONValue?) throws {
        let fixture = try TokenFixture()
        #expect(throws: SPIFFEError(.invalidJWTSVID, "")) {
            try UnverifiedJWTSVID(token: fixture.token("sub", subject))
        }
    }

    @Test("JWT-09: sub without path is accepted (D-09)")
    func acceptsSubjectWithoutPath() throws {
        let fixture = try TokenFixture()
        #expect(try fixture.verify(fixture.token("sub", "spiffe://example.org")).id == fixture.bundle.trustDomain.id)
    }

    @Test(
        "JWT-11, JWT-28: aud is a string or a list of strings with our name (D-06)",
        arguments: ["us", ["us"], ["them", "us"], ["us", ""]] as [JSONValue])
    func acceptsOurAudience(_ audience: JSONValue) throws {
        let fixture = try TokenFixture()
        try fixture.verify(fixture.token("aud", audience))
        try fixture.verify(fixture.token("aud", audience), audience: ["other", "us"])
    }

    @Test(
        "JWT-11: any other aud is refused",
        arguments: [
            nil, [], .null, 1, ["us", 1], [["us"]], ["us": "us"], "", [""], "them", "u", "US", "us/", " us",
            ["usx", "u"],
            "u\u{200D}s",
        ] as [JSONValue?])
    func refusesOtherAudiences(_ audience: JSONValue?) throws {
        let fixture = try TokenFixture()
        #expect(fixture.refusal(of: try fixture.token("aud", audience)) != nil)
    }

    @Test("JWT-11: the caller must name itself; empty names match nothing", arguments: [[], [""], ["", ""]])
    func wantsAnAudience(_ audience: [String]) throws {
        let fixture = try TokenFixture()
        #expect(fixture.refusal(of: try fixture.token("aud", ["", "us"]), audience: audience) != nil)
        #expect(fixture.refusal(of: try fixture.token("aud", ""), audience: audience + ["us"]) != nil)
    }

    @Test("JWT-11: audiences are compared byte by byte")
    func comparesAudienceBytes() throws {
        let fixture = try TokenFixture()
        #expect(fixture.refusal(of: try fixture.token("aud", "caf\u{E9}"), audience: ["cafe\u{301}"]) != nil)
        #expect(fixture.refusal(of: try fixture.token("aud", "caf\u{E9}"), audience: ["caf\u{E9}"]) == nil)
    }

    @Test("JWT-14: exp is a number", arguments: [nil, .null, "4102444800", true, [4_102_444_800]] as [JSONValue?])
    func refusesOtherExpiries(_ expiry: JSONValue?) throws {
        let fixture = try TokenFixture()
        #expect(throws: SPIFFEError(.invalidJWTSVID, "")) { try UnverifiedJWTSVID(token: fixture.token("exp", expiry)) }
    }

    @Test("JWT-14: exp may have a fraction or any size", arguments: ["4102444800", "4102444800.5", "4.1e9", "1e300"])
    func acceptsNumbers(_ number: String) throws {
        let fixture = try TokenFixture()
        let claims = #"{"sub":"spiffe://example.org/a","aud":"us","exp":\#(number)}"#
        let svid = try fixture.verify(fixture.key.token(headerText: "\(fixture.header)", claimsText: claims))
        #expect(svid.expiresAt.timeIntervalSince1970 <= 253_402_300_799)
    }

    @Test("JWT-14: exp is finite")
    func refusesInfiniteExpiry() throws {
        let fixture = try TokenFixture()
        let claims = #"{"sub":"spiffe://example.org/a","aud":"us","exp":1e999}"#
        #expect(fixture.refusal(of: try fixture.key.token(headerText: "\(fixture.header)", claimsText: claims)) != nil)
    }

    @Test func saysWhoseTokenItIsWithoutTheToken() throws {
        let fixture = try TokenFixture()
        let token = try fixture.token()
        let texts = ["\(try UnverifiedJWTSVID(token: token))", "\(try fixture.verify(token))"]
        #expect(texts == ["unverified JWT-SVID of spiffe://example.org/web", "JWT-SVID of spiffe://example.org/web"])
    }
}
