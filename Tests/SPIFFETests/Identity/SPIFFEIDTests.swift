// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import Testing
import X509

@Suite struct SPIFFEIDTests {
    @Test(
        "ID-01: the scheme is spiffe",
        arguments: [
            "https://example.org/a", "spiffes://example.org/a", "example.org/a", "spiffe:example.org",
            "spiffe:/example.org", "", "spiffe", "//example.org/a",
        ])
    func refusesOtherSchemes(_ uri: String) {
        #expect(throws: SPIFFEError(.invalidSPIFFEID, "")) { try SPIFFEID(uri) }
    }

    @Test("ID-02: the trust domain name is not empty", arguments: ["spiffe://", "spiffe:///a", "spiffe:///"])
    func refusesMissingTrustDomain(_ uri: String) {
        #expect(throws: SPIFFEError(.invalidTrustDomain, "")) { try SPIFFEID(uri) }
    }

    @Test(
        "ID-03, ID-04: no query and no fragment, not even empty ones",
        arguments: [
            "spiffe://example.org/a?x=1", "spiffe://example.org/a?", "spiffe://example.org?x",
            "spiffe://example.org/a#f", "spiffe://example.org/a#",
        ])
    func refusesQueryAndFragment(_ uri: String) {
        #expect(throws: SPIFFEError.self) { try SPIFFEID(uri) }
    }

    @Test(
        "ID-05, ID-06: userinfo and port are empty",
        arguments: [
            "spiffe://user@example.org/a", "spiffe://user:pw@example.org/a", "spiffe://@example.org/a",
            "spiffe://example.org:443/a", "spiffe://example.org:/a",
        ])
    func refusesUserAndPort(_ uri: String) {
        #expect(throws: SPIFFEError(.invalidTrustDomain, "")) { try SPIFFEID(uri) }
    }

    @Test(
        "ID-07, ID-22: upper case before the path is refused, never lowered (D-01)",
        arguments: [
            "spiffe://Example.org/a", "SPIFFE://example.org/a", "Spiffe://example.org/a", "spiffe://EXAMPLE.ORG",
        ])
    func refusesUpperCase(_ uri: String) {
        #expect(throws: SPIFFEError.self) { try SPIFFEID(uri) }
    }

    @Test("ID-22, ID-23: IDs are equal when every byte is")
    func comparesBytes() throws {
        let lower = try SPIFFEID("spiffe://example.org/a")
        let upper = try SPIFFEID("spiffe://example.org/A")
        #expect(lower != upper)
        #expect(Set([lower, upper, try SPIFFEID("spiffe://example.org/a")]).count == 2)
        #expect(lower != (try SPIFFEID("spiffe://example.or/a")))
        // Canonically equivalent to "K", but not the same bytes.
        #expect(throws: SPIFFEError.self) { try SPIFFEID("spiffe://example.org/\u{212A}") }
    }

    @Test("ID-09: no percent-encoding in the host", arguments: ["spiffe://%65xample.org/a", "spiffe://example%2Eorg"])
    func refusesEncodedHosts(_ uri: String) {
        #expect(throws: SPIFFEError(.invalidTrustDomain, "")) { try SPIFFEID(uri) }
    }

    @Test(
        "ID-10: hosts that look like addresses or are no DNS names are taken as they are",
        arguments: [
            "spiffe://10.0.0.1/a", "spiffe://999.1.1.1/a", "spiffe://a..b/x", "spiffe://-x-/y", "spiffe://_/y",
            "spiffe://./y", "spiffe://example.org./y", "spiffe://xn--bcher-kva.example/y",
        ])
    func keepsOddHosts(_ uri: String) throws {
        #expect(try SPIFFEID(uri).uri == uri)
    }

    @Test("ID-11: IPv6 literals are refused", arguments: ["spiffe://[::1]/a", "spiffe://::1/a"])
    func refusesIPv6(_ uri: String) {
        #expect(throws: SPIFFEError(.invalidTrustDomain, "")) { try SPIFFEID(uri) }
    }

    @Test(
        "ID-13: no percent-encoding in the path, never decoded",
        arguments: ["/a%20b", "/%61", "/%2e%2e/x", "/a%2Fb", "/%"])
    func refusesEncodedPaths(_ path: String) throws {
        #expect(throws: SPIFFEError(.invalidSPIFFEID, "")) { try SPIFFEID("spiffe://example.org\(path)") }
        let trustDomain = try TrustDomain("example.org")
        #expect(throws: SPIFFEError(.invalidSPIFFEID, "")) { try SPIFFEID(trustDomain: trustDomain, path: path) }
    }

    @Test(
        "ID-14, ID-16: no empty segments and no trailing slash",
        arguments: ["//a", "/a//b", "/", "/a/", "//", "/a//"])
    func refusesEmptySegments(_ path: String) {
        #expect(throws: SPIFFEError(.invalidSPIFFEID, "")) { try SPIFFEID("spiffe://example.org\(path)") }
    }

    @Test("ID-15: no dot segments, never normalised", arguments: ["/.", "/..", "/a/./b", "/a/../b", "/a/.."])
    func refusesDotSegments(_ path: String) {
        #expect(throws: SPIFFEError(.invalidSPIFFEID, "")) { try SPIFFEID("spiffe://example.org\(path)") }
    }

    @Test("ID-15: dots within segments are letters", arguments: ["/...", "/.a", "/..a", "/a.", "/a.."])
    func keepsDotsInSegments(_ path: String) throws {
        #expect(try SPIFFEID("spiffe://example.org\(path)").path == path)
    }

    @Test("ID-17: of all bytes 65 may be in a segment")
    func acceptsSegmentBytes() {
        let accepted = (UInt8.min...UInt8.max).filter { byte in
            let uri = String(decoding: Array("spiffe://example.org/a".utf8) + [byte] + Array("b".utf8), as: UTF8.self)
            return (try? SPIFFEID(uri)).map { $0.path.utf8.split(separator: UInt8(ascii: "/")).count == 1 } ?? false
        }
        let expected = Array("-.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz".utf8)
        #expect(accepted == expected)
        #expect(accepted.count == 65)
    }

    @Test(
        "ID-17: everything else is refused in a segment",
        arguments: ["~", "!", "$", "&", "'", "(", ")", "*", "+", ",", ";", "=", ":", "@", "\\", " ", "é", "a\u{301}"])
    func refusesOtherLetters(_ letter: String) {
        #expect(throws: SPIFFEError(.invalidSPIFFEID, "")) { try SPIFFEID("spiffe://example.org/a\(letter)b") }
    }

    @Test("ID-18: hundreds of segments come back unchanged")
    func keepsDeepPaths() throws {
        let path = (0..<400).map { "/s\($0 % 10)" }.joined()
        #expect(try SPIFFEID("spiffe://example.org\(path)").path == path)
    }

    @Test("ID-19: 2048 bytes are accepted in text, certificate and token")
    func acceptsLongestID() throws {
        let path = "/" + String(repeating: "a", count: 2048 - "spiffe://example.org/".utf8.count)
        let id = try SPIFFEID("spiffe://example.org" + path)
        #expect(id.uri.utf8.count == 2048)
        #expect(try SPIFFEID(trustDomain: id.trustDomain, path: path) == id)
        let svid = try TestCA("example.org").leaf(path)
        #expect(try svid.unverified().claimedID == id)
        let token = try TestJWTKey().token(claims: ["sub": .string(id.uri), "aud": "a", "exp": 1])
        #expect(try UnverifiedJWTSVID(token: token).id == id)
    }

    @Test("ID-20: longer IDs are neither made nor read (D-02)")
    func refusesLongerIDs() throws {
        let path = "/" + String(repeating: "a", count: 2049 - "spiffe://example.org/".utf8.count)
        let trustDomain = try TrustDomain("example.org")
        #expect(throws: SPIFFEError(.invalidSPIFFEID, "")) { try SPIFFEID(trustDomain: trustDomain, path: path) }
        #expect(throws: SPIFFEError(.invalidSPIFFEID, "")) { try SPIFFEID("spiffe://example.org" + path) }
    }

    @Test func saysWhichRuleWasBroken() {
        let texts = [
            ("https://example.org", "scheme is missing or invalid"),
            ("spiffe:///a", "trust domain is missing"),
            (
                "spiffe://Example.org",
                "trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores"
            ),
            ("spiffe://example.org/", "path cannot have a trailing slash"),
            ("spiffe://example.org//a", "path cannot contain empty segments"),
            ("spiffe://example.org//", "path cannot contain empty segments"),
            ("spiffe://example.org/../a", "path cannot contain dot segments"),
            (
                "spiffe://example.org/a b",
                "path segment characters are limited to letters, numbers, dots, dashes, and underscores"
            ),
        ]
        for (uri, text) in texts {
            let error = #expect(throws: SPIFFEError.self) { try SPIFFEID(uri) }
            #expect(error?.message == text)
        }
    }

    @Test func wantsSlashBeforePath() throws {
        let trustDomain = try TrustDomain("example.org")
        let error = #expect(throws: SPIFFEError.self) { try SPIFFEID(trustDomain: trustDomain, path: "a") }
        #expect(error?.message == "path must have a leading slash")
        #expect(try SPIFFEID(trustDomain: trustDomain, path: "") == trustDomain.id)
    }
}
