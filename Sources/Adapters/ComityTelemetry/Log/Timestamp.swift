// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// RFC 3339 in UTC, with the precision of Go's layouts.
package enum Timestamp {
    package enum Precision: Sendable, Hashable {
        /// Go's `RFC3339`.
        case seconds
        /// Go's `RFC3339Nano`: trailing zeros are left out.
        case nanoseconds
    }

    package static func text(_ date: Date, _ precision: Precision) -> String {
        let (seconds, nanoseconds) = parts(of: date)
        let days = Int((Double(seconds) / 86400).rounded(.down))
        let second = seconds - days * 86400
        let (year, month, day) = civil(days)
        let time = "\(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60))"
        let fraction = precision == .nanoseconds ? fraction(nanoseconds) : ""
        return "\(padded(year, 4))-\(two(month))-\(two(day))T\(time)\(fraction)Z"
    }

    private static func parts(of date: Date) -> (seconds: Int, nanoseconds: Int) {
        let whole = date.timeIntervalSince1970.rounded(.down)
        let nanoseconds = Int((date.timeIntervalSince1970 - whole) * 1_000_000_000)
        return (Int(whole), min(nanoseconds, 999_999_999))
    }

    private static func fraction(_ nanoseconds: Int) -> String {
        guard nanoseconds > 0 else { return "" }
        var digits = padded(nanoseconds, 9)
        while digits.last == "0" { digits.removeLast() }
        return ".\(digits)"
    }

    /// The Gregorian date of a day counted from 1970-01-01, by eras of 400 years that begin in March.
    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func two(_ number: Int) -> String {
        padded(number, 2)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}
