// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SwiftProtobuf
import Testing
import WorkloadAPIProtos

@testable import ComityCommands

@Suite struct JWTSVIDTextTests {
    private static let svids = Workload_JWTSVIDResponse.with {
        $0.svids = [
            .with { ($0.spiffeID, $0.svid, $0.hint) = ("spiffe://example.org/web", "a.b.c", "internal") },
            .with { ($0.spiffeID, $0.svid) = ("spiffe://example.org/api", "d.e.f") },
        ]
    }
    private static let bundles = Workload_JWTBundlesResponse.with {
        $0.bundles = ["spiffe://example.org": Data("{}".utf8), "spiffe://beta.test": Data("[]".utf8)]
    }

    @Test func textHasTokensHintsAndBundlesInOrder() {
        #expect(
            JWTSVIDText.answer(Self.svids, Self.bundles) == """
                token(spiffe://example.org/web):
                \ta.b.c
                hint(spiffe://example.org/web):
                \tinternal
                token(spiffe://example.org/api):
                \td.e.f
                bundle(spiffe://beta.test):
                \t[]
                bundle(spiffe://example.org):
                \t{}

                """)
    }

    @Test func jsonIsAnArrayOfBothAnswers() {
        #expect(
            AnswerJSON.line([Self.svids.json, Self.bundles.json]) == """
                [{"svids":[{"hint":"internal","spiffe_id":"spiffe://example.org/web","svid":"a.b.c"},\
                {"hint":"","spiffe_id":"spiffe://example.org/api","svid":"d.e.f"}]},\
                {"bundles":{"spiffe://beta.test":"W10=","spiffe://example.org":"e30="}}]

                """)
    }

    @Test func validationShowsTheClaimsAsJSON() {
        let answer = Workload_ValidateJWTSVIDResponse.with {
            $0.spiffeID = "spiffe://example.org/web"
            $0.claims.fields = [
                "sub": .with { $0.stringValue = "spiffe://example.org/web" },
                "exp": .with { $0.numberValue = 1_767_225_600 },
                "aud": .with { $0.listValue.values = [.with { $0.stringValue = "a" }] },
                "nested": .with { $0.structValue.fields = ["deep": .with { $0.boolValue = true }] },
                "nothing": .with { $0.nullValue = .nullValue },
            ]
        }
        let claims =
            #"{"aud":["a"],"exp":1767225600,"nested":{"deep":true},"nothing":null,"#
            + #""sub":"spiffe://example.org/web"}"#
        #expect(
            WorkloadValidateJWT.text(answer)
                == "SVID is valid.\nSPIFFE ID : spiffe://example.org/web\nClaims    : \(claims)\n")
        #expect(AnswerJSON.line([answer.json]).hasSuffix(#""spiffe_id":"spiffe://example.org/web"}"# + "\n"))
    }
}
