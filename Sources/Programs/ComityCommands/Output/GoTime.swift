// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Times as Go prints them by default.
enum GoTime {
    /// `2026-01-01 00:00:00 +0000 UTC`
    static func utc(_ unixSeconds: Int64) -> String {
        var seconds = time_t(unixSeconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return format(parts, "%Y-%m-%d %H:%M:%S +0000 UTC")
    }

    /// `2026-01-01 01:00:00 +0100 CET`
    static func local(_ unixSeconds: Int64) -> String {
        var seconds = time_t(unixSeconds)
        var parts = tm()
        localtime_r(&seconds, &parts)
        return format(parts, "%Y-%m-%d %H:%M:%S %z %Z")
    }

    /// `2026-01-01T00:00:00Z`
    static func rfc3339(_ unixSeconds: Int64) -> String {
        var seconds = time_t(unixSeconds)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return format(parts, "%Y-%m-%dT%H:%M:%SZ")
    }

    private static func format(_ parts: tm, _ pattern: String) -> String {
        var parts = parts
        var buffer = [CChar](repeating: 0, count: 64)
        let length = strftime(&buffer, buffer.count, pattern, &parts)
        return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
