// SPDX-License-Identifier: Apache-2.0

import Foundation

/// All that was measured, and when.
struct Report: Codable, Sendable {
    var date = Date()
    var cores = ProcessInfo.processInfo.activeProcessorCount
    var measurements: [Measurement] = []

    /// For people.
    func table() -> String {
        let heads = ["", "measured", "unit", "target", ""]
        let rows = [heads] + measurements.map(Self.cells)
        let widths = heads.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            let cells = row.enumerated().map { column, text in
                let padding = String(repeating: " ", count: widths[column] - text.count)
                return column == 1 || column == 3 ? padding + text : text + padding
            }
            return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
        guard measurements.contains(where: { $0.verdict != nil }) else { return lines.joined(separator: "\n") }
        let over = measurements.filter { $0.verdict == .over }.count
        let aimed = measurements.filter { $0.verdict != nil }.count
        return lines.joined(separator: "\n") + "\n\n\(aimed - over) of \(aimed) targets hold (\(cores) cores, release)"
    }

    /// For comparing one run with another.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    private static func cells(of measurement: Measurement) -> [String] {
        [
            measurement.name, text(measurement.value), measurement.unit, measurement.target.map(text) ?? "",
            measurement.verdict?.rawValue ?? "",
        ]
    }

    /// Three significant digits suffice, since the next run differs in the third.
    private static func text(_ value: Double) -> String {
        switch abs(value) {
        case 100...: String(format: "%.0f", value)
        case 10..<100: String(format: "%.1f", value)
        case 1..<10: String(format: "%.2f", value)
        default: String(format: "%.3f", value)
        }
    }
}
