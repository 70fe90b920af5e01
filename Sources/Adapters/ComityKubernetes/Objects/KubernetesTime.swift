// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Times as the API writes them: RFC 3339 in UTC, by the second or by the microsecond.
enum KubernetesTime {
    static func date(_ text: String) -> Date? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        return try? style.parse(text)
    }

    /// `metav1.Time`, such as that of an event.
    static func text(_ date: Date) -> String {
        date.formatted(.iso8601)
    }

    /// `metav1.MicroTime`, as leases have it.
    static func microText(_ date: Date) -> String {
        let whole = date.timeIntervalSince1970.rounded(.down)
        let microseconds = min(Int((date.timeIntervalSince1970 - whole) * 1_000_000), 999_999)
        let digits = String(microseconds)
        let fraction = String(repeating: "0", count: 6 - digits.count) + digits
        return "\(text(Date(timeIntervalSince1970: whole)).dropLast()).\(fraction)Z"
    }
}
