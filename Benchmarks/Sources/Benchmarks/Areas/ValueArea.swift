// SPDX-License-Identifier: Apache-2.0

import ComityBenchmarking
import Foundation
import SPIFFE

/// What the rules cost by themselves.
enum ValueArea {
    static func measure() async throws -> [Measurement] {
        try identities() + issuing() + lookUps(entryCount: 10_000) + lookUps(entryCount: 100_000)
    }

    private static func identities() throws -> [Measurement] {
        [
            Measurement(
                "parse a SPIFFE ID",
                try ValueCost.microseconds { consume(try SPIFFEID("spiffe://bench.example/ns/default/sa/web")) }, "µs")
        ]
    }

    private static func issuing() throws -> [Measurement] {
        let issuing = try IssuingCase()
        let bundles = BundleSet([issuing.bundle])
        let chain = try issuing.signX509SVID()
        let token = try issuing.signJWTSVID()
        let document = issuing.bundle.document()
        return try [
            ("sign an X509-SVID", { consume(try issuing.signX509SVID()) }),
            (
                "parse and verify an X509-SVID",
                { consume(try UnverifiedX509SVID(derCertificates: chain).verified(by: bundles, at: Date())) }
            ),
            ("sign a JWT-SVID", { consume(try issuing.signJWTSVID()) }),
            (
                "parse and verify a JWT-SVID",
                {
                    consume(
                        try UnverifiedJWTSVID(token: token)
                            .verified(by: bundles, audience: [IssuingCase.audience], at: Date()))
                }
            ),
            (
                "parse and emit a bundle document",
                {
                    consume(
                        try SPIFFEBundle(document: document, trustDomain: issuing.bundle.trustDomain).document())
                }
            ),
        ].map { (name: String, body: () throws -> Void) in
            Measurement(name, try ValueCost.microseconds(body), "µs")
        }
    }

    private static func lookUps(entryCount: Int) throws -> [Measurement] {
        let lookUp = try LookUpCase(entryCount: entryCount)
        guard lookUp.entriesOfWorkload() == 1, lookUp.entriesOfAgent() == LookUpCase.entriesPerAgent,
            lookUp.isAuthorized()
        else { throw BenchmarkError("look-ups among \(entryCount) entries find something else than they should") }
        let among = "among \(entryCount / 1000)k entries"
        return [
            Measurement(
                "find a workload's entry \(among)", ValueCost.microseconds { consume(lookUp.entriesOfWorkload()) },
                "µs"),
            Measurement(
                "find an agent's \(LookUpCase.entriesPerAgent) \(among)",
                ValueCost.microseconds { consume(lookUp.entriesOfAgent()) }, "µs"),
            Measurement(
                "check an agent's entry \(among)", ValueCost.microseconds { consume(lookUp.isAuthorized()) }, "µs"),
        ]
    }
}
