// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Logging
import SPIFFE

extension LogLine {
    /// One JSON object as logrus writes it: keys in order, time to the second, with a newline.
    package func json() -> String {
        var members: [(name: String, json: String)] = [
            ("time", Self.quoted(Timestamp.text(time, .seconds))), ("level", Self.quoted(level.rawValue)),
            ("msg", Self.quoted(message)),
        ]
        if let source {
            members.append(("func", Self.quoted(source.function)))
            members.append(("file", Self.quoted("\(source.file):\(source.line)")))
        }
        members += sortedFields.map { ($0.name, Self.value($0.value)) }
        return Self.object(members) + "\n"
    }

    private static func object(_ members: [(name: String, json: String)]) -> String {
        let sorted = members.sorted { $0.name < $1.name }
        return "{\(sorted.map { "\(quoted($0.name)):\($0.json)" }.joined(separator: ","))}"
    }

    private static func value(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .stringConvertible(let value as any FixedWidthInteger): value.description
        case .stringConvertible(let value as Bool): value.description
        case .stringConvertible(let value as Double) where value.isFinite: value.description
        case .stringConvertible(let value as Duration): value.nanoseconds.description
        case .stringConvertible(let value): quoted(value.description)
        case .array(let values): "[\(values.map(Self.value).joined(separator: ","))]"
        case .dictionary(let values): object(values.map { ($0.key, Self.value($0.value)) })
        }
    }

    /// A JSON string with the escapes of Go's `encoding/json`, those for HTML included.
    static func quoted(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            case "\u{0}"..<" ", "<", ">", "&", "\u{7F}", "\u{2028}", "\u{2029}":
                json += "\\u" + GoQuoted.hex(scalar.value, digits: 4)
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
