// SPDX-License-Identifier: Apache-2.0

/// Reads durations as Go writes them, such as `1h30m`, `250ms` or `-1.5h`.
package enum GoDuration {
    /// Why a text is no duration; the wording is that of Go's `time.ParseDuration`.
    package struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        package let description: String
    }

    private static let nanosecondsPerUnit: [String: Int64] = [
        "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000,
    ]

    /// Reads a duration; the range is that of Go, about 292 years.
    package static func parse(_ text: String) throws(Failure) -> Duration {
        let invalid = Failure(description: "time: invalid duration \(quoted(text))")
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if isNegative || rest.first == "+" { rest.removeFirst() }
        if rest == "0" { return .zero }
        guard !rest.isEmpty else { throw invalid }
        var total: Int64 = 0
        while !rest.isEmpty {
            let whole = takeDigits(&rest)
            var fraction: Substring = ""
            if rest.first == "." {
                rest.removeFirst()
                fraction = takeDigits(&rest)
            }
            guard !(whole.isEmpty && fraction.isEmpty) else { throw invalid }
            let unit = rest.prefix { $0 != "." && !isDigit($0) }
            rest = rest[unit.endIndex...]
            guard !unit.isEmpty else {
                throw Failure(description: "time: missing unit in duration \(quoted(text))")
            }
            guard let nanoseconds = nanosecondsPerUnit[String(unit)] else {
                throw Failure(description: "time: unknown unit \(quoted(String(unit))) in duration \(quoted(text))")
            }
            guard let sum = adding(total, whole: whole, fraction: fraction, unit: nanoseconds) else { throw invalid }
            total = sum
        }
        return .nanoseconds(isNegative ? -total : total)
    }

    private static func adding(_ total: Int64, whole: Substring, fraction: Substring, unit: Int64) -> Int64? {
        guard let number = whole.isEmpty ? 0 : Int64(whole) else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit)
        var part: Int64 = 0
        var scale = unit
        for digit in fraction {
            scale /= 10
            part += Int64(digit.wholeNumberValue ?? 0) * scale
        }
        let (withPart, overflowOfPart) = product.addingReportingOverflow(part)
        let (sum, overflowOfSum) = total.addingReportingOverflow(withPart)
        return overflow || overflowOfPart || overflowOfSum ? nil : sum
    }

    private static func takeDigits(_ text: inout Substring) -> Substring {
        let digits = text.prefix(while: isDigit)
        text = text[digits.endIndex...]
        return digits
    }

    private static func isDigit(_ character: Character) -> Bool {
        "0"..."9" ~= character
    }

    private static func quoted(_ text: String) -> String {
        "\"\(text.prefix(128))\""
    }
}
