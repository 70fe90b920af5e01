// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing

@testable import ComityCommands

@Suite struct MintTests {
    private static let minted = MintedX509SVID(
        certificates: [Data([1, 2, 3]), Data([4])], privateKey: [5, 6], authorities: [Data([7])])

    @Test func x509HasThreeSections() {
        #expect(
            Self.minted.text == """
                X509-SVID:
                -----BEGIN CERTIFICATE-----
                AQID
                -----END CERTIFICATE-----
                -----BEGIN CERTIFICATE-----
                BA==
                -----END CERTIFICATE-----

                Private key:
                -----BEGIN PRIVATE KEY-----
                BQY=
                -----END PRIVATE KEY-----

                Root CAs:
                -----BEGIN CERTIFICATE-----
                Bw==
                -----END CERTIFICATE-----


                """)
    }

    @Test func x509InJSONIsAListOfOne() {
        #expect(
            AnswerJSON.line([.array([Self.minted.json])])
                == #"[{"private_key":"BQY=","root_cas":["Bw=="],"x509_svid":["AQID","BA=="]}]"# + "\n")
    }

    @Test func jwtInJSONIsTheAnswerOfTheServer() {
        let svid = Spire_Api_Types_JWTSVID.with {
            $0.token = "a.b.c"
            $0.id = .with { ($0.trustDomain, $0.path) = ("example.org", "/web") }
            $0.issuedAt = 5
            $0.expiresAt = 10
        }
        #expect(
            AnswerJSON.line([svid.json]) == """
                {"svid":{"expires_at":"10","hint":"","id":{"path":"/web","trust_domain":"example.org"},\
                "issued_at":"5","token":"a.b.c"}}

                """)
    }

    @Test(arguments: [
        (100, 100, false), (99, 100, false), (98, 100, true), (10, 100, true), (200, 100, false), (100, 0, false),
    ])
    func aLifetimeCutShortIsTold(_ lifetime: Int64, _ asked: Int, _ isTold: Bool) {
        let warning = MintLifetime.warning(
            "X509-SVID", expiresAt: 1_767_225_600 + lifetime, asked: .seconds(asked),
            at: Date(timeIntervalSince1970: 1_767_225_600))
        #expect((warning != nil) == isTold)
        if lifetime == 10 {
            #expect(
                warning
                    == "X509-SVID lifetime was capped shorter than specified ttl; expires \"2026-01-01T00:00:10Z\"\n")
        }
    }

    @Test func aNegativeLifetimeIsRefused() throws {
        try MintLifetime.check(.zero)
        let error = #expect(throws: CommandError.self) { try MintLifetime.check(.seconds(-1)) }
        #expect(error?.message == "a positive TTL is required")
    }

    @Test(arguments: [
        ("w", "w/k"), ("w/", "w/k"), (".", "k"), ("./w", "w/k"), ("/w//", "/w/k"), ("/", "/k"), ("../w", "../w/k"),
    ])
    func pathsAreJoinedAsGoJoinsThem(_ folder: String, _ expected: String) {
        #expect(OutputFile.path("k", in: folder) == expected)
    }
}
