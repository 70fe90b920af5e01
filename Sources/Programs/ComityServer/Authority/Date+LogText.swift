// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

extension Date {
    /// The spelling of SPIRE's log: `2006-01-02 15:04:05 +0000 UTC`.
    package var logText: String {
        let style = Date.ISO8601FormatStyle(dateTimeSeparator: .space, timeZone: .gmt)
            .year().month().day().time(includingFractionalSeconds: false)
        return formatted(style) + " +0000 UTC"
    }
}
