// SPDX-License-Identifier: Apache-2.0

/// Measures work that stays within this process.
enum ValueCost {
    private static let rounds = 5
    /// CPU time of one round, in milliseconds.
    private static let round = 100.0

    /// The CPU time of one call in microseconds: the median of some rounds, after one to warm up.
    static func microseconds(_ body: () throws -> Void) rethrows -> Double {
        var costs: [Double] = []
        for _ in 0...rounds { costs.append(try oneRound(body)) }
        return costs.dropFirst().sorted()[rounds / 2]
    }

    private static func oneRound(_ body: () throws -> Void) rethrows -> Double {
        let start = CPUClock.own.milliseconds
        var calls = 0
        var spent = 0.0
        while spent < round {
            for _ in 0..<16 { try body() }
            calls += 16
            spent = CPUClock.own.milliseconds - start
        }
        return spent * 1000 / Double(calls)
    }
}

/// Keeps the optimiser from leaving out what nobody looks at.
@inline(never)
func consume(_ value: some Any) {}
