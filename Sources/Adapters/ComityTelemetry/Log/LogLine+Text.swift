// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Logging
import SPIFFE

extension LogLine {
    /// `time="…" level=info msg="…" key=value`, as logrus writes it to what is no terminal, with a newline.
    package func text(_ precision: Timestamp.Precision) -> String {
        var line = ""
        Self.append("time", Timestamp.text(time, precision), to: &line)
        Self.append("level", level.rawValue, to: &line)
        if !message.isEmpty { Self.append("msg", message, to: &line) }
        if let source {
            Self.append("func", source.function, to: &line)
            Self.append("file", "\(source.file):\(source.line)", to: &line)
        }
        for field in sortedFields {
            Self.append(GoQuoted.key(field.name), Self.plain(field.value), to: &line)
        }
        return line + "\n"
    }

    private static func append(_ key: String, _ value: String, to line: inout String) {
        if !line.isEmpty { line += " " }
        line += key
        line += "="
        line += GoQuoted.needsQuotes(value) ? GoQuoted.text(value) : value
    }

    /// A value as Go's `fmt` prints it.
    private static func plain(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): text
        case .stringConvertible(let value as Duration): value.goText
        case .stringConvertible(let value): value.description
        case .array(let values): "[\(values.map(plain).joined(separator: " "))]"
        case .dictionary(let values):
            "map[\(values.sorted { $0.key < $1.key }.map { "\($0.key):\(plain($0.value))" }.joined(separator: " "))]"
        }
    }
}
