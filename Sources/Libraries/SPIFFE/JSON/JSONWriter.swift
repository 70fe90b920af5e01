// SPDX-License-Identifier: Apache-2.0

/// Appends JSON values to a text.
struct JSONWriter {
    let format: JSONFormat
    private(set) var bytes: [UInt8] = []
    private var depth = 0

    init(format: JSONFormat) {
        self.format = format
    }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let value): bytes += (value ? "true" : "false").utf8
        case .number(let number): bytes += number.text.utf8
        case .string(let string): write(string)
        case .array(let elements):
            writeList(elements, in: ("[", "]")) { writer, element in writer.write(element) }
        case .object(let object):
            writeList(object.members, in: ("{", "}")) { writer, member in
                writer.write(member.name)
                writer.bytes += (writer.format.indentation > 0 ? ": " : ":").utf8
                writer.write(member.value)
            }
        }
    }

    private mutating func writeList<Element>(
        _ elements: [Element], in brackets: (open: String, close: String),
        _ writeElement: (inout JSONWriter, Element) -> Void
    ) {
        bytes += brackets.open.utf8
        depth += 1
        for (position, element) in elements.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            writeLineBreak()
            writeElement(&self, element)
        }
        depth -= 1
        if !elements.isEmpty { writeLineBreak() }
        bytes += brackets.close.utf8
    }

    private mutating func writeLineBreak() {
        guard format.indentation > 0 else { return }
        bytes.append(UInt8(ascii: "\n"))
        let count = depth * format.indentation
        bytes += repeatElement(UInt8(ascii: " "), count: count)
    }

    private mutating func write(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            case "\n": bytes += "\\n".utf8
            case "\r": bytes += "\\r".utf8
            case "\t": bytes += "\\t".utf8
            case "\u{0}"..<"\u{20}": writeEscape(scalar)
            case "<", ">", "&", "\u{2028}", "\u{2029}":
                if format.escapesHTML { writeEscape(scalar) } else { bytes += scalar.utf8 }
            default: bytes += scalar.utf8
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func writeEscape(_ scalar: Unicode.Scalar) {
        let digits = Array("0123456789abcdef".utf8)
        bytes += "\\u".utf8
        for shift in [12, 8, 4, 0] {
            bytes.append(digits[Int(scalar.value >> shift & 0xF)])
        }
    }
}

extension JSONValue {
    /// The value as a JSON text in UTF-8, without a final line break.
    public func bytes(format: JSONFormat = .compact) -> [UInt8] {
        var writer = JSONWriter(format: format)
        writer.write(self)
        return writer.bytes
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value as a JSON text on one line.
    public var description: String {
        String(decoding: bytes(), as: UTF8.self)
    }
}
