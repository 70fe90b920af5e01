// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import Testing

@Suite struct APIBundleReaderTests {
    private let ca: TestCA
    private let key: TestJWTKey

    init() throws {
        ca = try TestCA()
        key = try TestJWTKey(keyID: "a")
    }

    private func read(_ document: JSONValue) throws -> SPIFFEBundle {
        try BundleDocument(parsing: document.bytes(), format: .api, trustDomain: ca.trustDomain).bundle
    }

    private var x509: JSONValue {
        get throws { ["asn1": .string(Base64.standard.encode(try ca.root.derBytes)), "tainted": false] }
    }

    private var jwt: JSONValue {
        get throws {
            [
                "public_key": .string(Base64.url.encode(try key.authority.publicKeyDERBytes())), "key_id": "a",
                "expires_at": "1767229200",
            ]
        }
    }

    @Test func readsTheLayoutOfTheServerAPI() throws {
        let expected = SPIFFEBundle(
            trustDomain: ca.trustDomain, x509Authorities: [try X509Authority(ca.root)], jwtAuthorities: [key.authority],
            sequenceNumber: 7, refreshHint: 300)
        let snake: JSONValue = [
            "trust_domain": "example.org", "x509_authorities": [try x509, try x509], "jwt_authorities": [try jwt],
            "refresh_hint": "300", "sequence_number": 7,
        ]
        let camel: JSONValue = [
            "trustDomain": "spiffe://example.org", "x509Authorities": [try x509], "jwtAuthorities": [try jwt],
            "refreshHint": 300, "sequenceNumber": "7",
        ]
        #expect(try read(snake) == expected)
        #expect(try read(camel) == expected)
    }

    @Test func refusesBundlesOfOtherTrustDomains() throws {
        let document: JSONValue = ["trust_domain": "beta.test", "x509_authorities": [try x509]]
        let error = #expect(throws: SPIFFEError.self) { try read(document) }
        #expect(error?.message == "bundle is of trust domain \"beta.test\", but \"example.org\" was expected")
    }

    @Test(
        arguments: [
            [:], ["trust_domain": "example.org"], ["trust_domain": 1, "x509_authorities": []],
            ["x509_authorities": [1]], ["x509_authorities": [[:]]], ["x509_authorities": [["asn1": ""]]],
            ["x509_authorities": [["asn1": "AQ=="]]], ["x509_authorities": [["asn1": "A==="]]],
            ["jwt_authorities": [["key_id": "a", "public_key": "AQ=="]]], ["jwt_authorities": [["public_key": "AQ=="]]],
            ["x509_authorities": [], "sequence_number": -1], ["x509_authorities": [], "refresh_hint": "soon"],
        ] as [JSONValue])
    func refusesMalformedLayouts(_ document: JSONValue) {
        #expect(throws: SPIFFEError.self) { try read(document) }
    }
}
