// SPDX-License-Identifier: Apache-2.0

/// One figure, and how much it may be.
struct Measurement: Codable, Sendable {
    enum Verdict: String, Codable, Sendable {
        case ok, over
    }

    var name: String
    var value: Double
    var unit: String
    var target: Double?
    /// Absent where nothing is aimed at.
    var verdict: Verdict?

    /// - Parameter target: Not to be exceeded.
    init(_ name: String, _ value: Double, _ unit: String, atMost target: Double? = nil) {
        self.name = name
        self.value = value
        self.unit = unit
        self.target = target
        verdict = target.map { value <= $0 ? .ok : .over }
    }
}
