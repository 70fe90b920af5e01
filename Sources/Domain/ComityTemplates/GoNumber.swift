// SPDX-License-Identifier: Apache-2.0

/// Floating point numbers as Go's `%v` writes them.
enum GoNumber {
    static func shortest(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "-Inf" : "+Inf" }
        let text = "\(value)"
        let parts = text.split(separator: "e")
        let exponent = parts.count == 2 ? Int(parts[1]) ?? 0 : 0
        let mantissa = parts[0].hasSuffix(".0") ? parts[0].dropLast(2) : parts[0]
        guard parts.count == 2 else {
            // Go turns to an exponent from 1e+21 on, Swift from 2^53 on, and below 1e-4 both do.
            return String(mantissa)
        }
        guard exponent < -4 || exponent >= 21 else { return plain(mantissa, exponent) }
        let digits = String(abs(exponent))
        return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(digits.count < 2 ? "0" : "")\(digits)"
    }

    /// Without an exponent; only for such numbers as have no digits after the point then.
    private static func plain(_ mantissa: Substring, _ exponent: Int) -> String {
        let isNegative = mantissa.hasPrefix("-")
        let digits = mantissa.drop { $0 == "-" }.filter { $0 != "." }
        return (isNegative ? "-" : "") + digits + String(repeating: "0", count: max(0, exponent + 1 - digits.count))
    }
}
