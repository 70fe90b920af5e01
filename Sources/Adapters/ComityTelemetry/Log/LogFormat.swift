// SPDX-License-Identifier: Apache-2.0

/// The shape of a log line (`log_format`).
package enum LogFormat: String, Sendable, Hashable, CaseIterable {
    /// `time="…" level=info msg="…"`, time to the second: what SPIRE writes when nothing is configured.
    case standard = ""
    /// The same with time to the nanosecond.
    case text
    /// One JSON object per line.
    case json

    /// Reads a format in any letter case. Nil for another word.
    package init?(name: String) {
        self.init(rawValue: name.lowercased())
    }
}
