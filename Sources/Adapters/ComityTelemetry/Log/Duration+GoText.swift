// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// As Go's `Duration.String` writes it: `1h0m0s`, `1.5s`, `300ms`, `0s`.
    package var goText: String {
        let (seconds, attoseconds) = components
        let nanoseconds = attoseconds / 1_000_000_000
        if seconds == 0, nanoseconds == 0 { return "0s" }
        let sign = seconds < 0 || nanoseconds < 0 ? "-" : ""
        let (wholeSeconds, rest) = (seconds.magnitude, nanoseconds.magnitude)
        if wholeSeconds == 0 { return sign + Self.small(rest) }
        let hours = wholeSeconds / 3600
        let minutes = wholeSeconds / 60 % 60
        let tail = Self.decimal(wholeSeconds % 60, fraction: rest, digits: 9) + "s"
        if hours > 0 { return "\(sign)\(hours)h\(minutes)m\(tail)" }
        return minutes > 0 ? "\(sign)\(minutes)m\(tail)" : sign + tail
    }

    /// As Go counts them and its JSON writes them.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, overflowOfSum) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || overflowOfSum ? (seconds < 0 ? .min : .max) : sum
    }

    private static func small(_ nanoseconds: UInt64) -> String {
        if nanoseconds < 1_000 { return "\(nanoseconds)ns" }
        if nanoseconds < 1_000_000 {
            return decimal(nanoseconds / 1_000, fraction: nanoseconds % 1_000, digits: 3) + "µs"
        }
        return decimal(nanoseconds / 1_000_000, fraction: nanoseconds % 1_000_000, digits: 6) + "ms"
    }

    private static func decimal(_ whole: UInt64, fraction: UInt64, digits: Int) -> String {
        guard fraction > 0 else { return String(whole) }
        let text = String(fraction)
        var padded = Substring(String(repeating: "0", count: digits - text.count) + text)
        while padded.last == "0" { padded.removeLast() }
        return "\(whole).\(padded)"
    }
}
