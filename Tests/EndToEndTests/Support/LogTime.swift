// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

/// The seconds between a log line's own time and the time that one of its fields tells.
func secondsAhead(_ field: String, in line: String) throws -> Int {
    func time(_ key: String) throws -> Date {
        let start = try #require(line.firstRange(of: "\(key)=\""), "no \(key) in: \(line)").upperBound
        let text = line[start...].prefix { $0 != "\"" }
        return try Date(String(text), strategy: .iso8601)
    }
    return Int(try time(field).timeIntervalSince(try time("time")))
}
