// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// How statuses write texts and times.
enum StatusText {
    /// Of a message, in characters; what others wrote may be long.
    static let maximumLength = 1024

    static func time(_ date: Date) -> String {
        Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down)).formatted(.iso8601)
    }

    static func time(_ text: String) -> Date? {
        try? Date(text, strategy: .iso8601)
    }
}

extension String {
    func shortened(to length: Int) -> String {
        count <= length ? self : prefix(length - 1) + "…"
    }
}
