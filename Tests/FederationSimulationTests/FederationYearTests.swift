// SPDX-License-Identifier: Apache-2.0

import Testing

/// A whole federation from its real rules, in simulated time: the first test of every change to a rule.
@Suite struct FederationYearTests {
    struct Run: Sendable, CustomTestStringConvertible {
        var seed: UInt64
        var days: Double
        var testDescription: String { "seed \(seed), \(Int(days)) days" }
    }

    static let runs = [Run(seed: 1, days: 365), Run(seed: 2, days: 60), Run(seed: 3, days: 60)]

    @Test(
        "FED-02, SVID-01: over a year each live SVID verifies everywhere it should and nowhere it should not",
        arguments: runs)
    func everyLiveSVIDVerifiesWhereItShould(run: Run) throws {
        var federation = try Federation(seed: run.seed)
        try federation.run(days: run.days)

        // A year in which little happened would prove little.
        let tally = federation.tally
        #expect(tally.activations >= Int(run.days / 2), "seed \(run.seed): \(tally)")
        #expect(tally.foreignVerifications >= Int(20 * run.days), "seed \(run.seed): \(tally)")
        for what in Incident.Kind.allCases {
            #expect(tally.incidents[what, default: 0] >= 1, "seed \(run.seed): \(tally)")
        }
        #expect(tally.refusedRollbacks >= 1 && tally.refusedThefts >= 1, "seed \(run.seed): \(tally)")
    }
}
