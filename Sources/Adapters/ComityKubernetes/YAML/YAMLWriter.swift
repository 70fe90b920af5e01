// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Yams

/// Makes YAML nodes of JSON values, so that every reader sees the same values.
enum YAMLWriter {
    /// Words that some reader takes for something other than a text.
    private static let ambiguousWords: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]

    static func node(of value: JSONValue) -> Node {
        switch value {
        case .null: .scalar(.init("null", .implicit, .plain))
        case .bool(let value): .scalar(.init(value ? "true" : "false", .implicit, .plain))
        case .number(let number): .scalar(.init(number.text, .implicit, .plain))
        case .string(let text): .scalar(scalar(text))
        case .array(let elements):
            .sequence(.init(elements.map(node), .implicit, elements.isEmpty ? .flow : .block))
        case .object(let object):
            .mapping(
                .init(
                    object.members.map { (.scalar(scalar($0.name)), node(of: $0.value)) }, .implicit,
                    object.members.isEmpty ? .flow : .block))
        }
    }

    private static func scalar(_ text: String) -> Node.Scalar {
        if isPlain(text) { return .init(text, .implicit, .plain) }
        return .init(text, Tag(.str), isBlock(text) ? .literal : .doubleQuoted)
    }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, ("a"..."z").contains(first) || ("A"..."Z").contains(first) else {
            return false
        }
        return !ambiguousWords.contains(text.lowercased())
            && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !"#\"'{}[],&*!|>%@`".utf8.contains($0) }
            && !text.hasSuffix(":")
    }

    /// Whether a text of several lines can stand in a literal block without losing anything.
    private static func isBlock(_ text: String) -> Bool {
        guard text.contains("\n"), let first = text.unicodeScalars.first, first != " ", first != "\n" else {
            return false
        }
        return text.unicodeScalars.allSatisfy {
            $0 == "\n" || $0 == "\t" || (" "..."~").contains($0) || $0.value >= 0xA1
        }
            && !text.contains("\u{FEFF}") && !text.contains("\u{2028}") && !text.contains("\u{2029}")
    }
}
