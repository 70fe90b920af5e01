// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// A format of `printf`, as Go's fmt package reads it: flags, width and precision as digits, the verbs of plain values.
struct GoFormat {
    private struct Directive {
        var padsRight = false
        var padsByZero = false
        var showsSign = false
        var alternate = false
        var width = 0
        var precision: Int?
    }

    private static let maximumWidth = 1024

    private let format: [Character]

    init(_ format: String) {
        self.format = Array(format)
    }

    /// `nil` when it grows too long.
    func text(_ arguments: [TemplateValue], maximumBytes: Int) -> String? {
        var output = ""
        var used = 0
        var index = 0
        while index < format.count {
            guard output.utf8.count <= maximumBytes else { return nil }
            let character = format[index]
            index += 1
            guard character == "%" else {
                output.append(character)
                continue
            }
            let directive = directive(from: &index)
            guard index < format.count else {
                output += "%!(NOVERB)"
                break
            }
            let verb = format[index]
            index += 1
            if verb == "%" {
                output += "%"
            } else if used < arguments.count {
                output += pad(text(of: arguments[used], verb, directive), directive)
                used += 1
            } else {
                output += "%!\(verb)(MISSING)"
            }
        }
        if used < arguments.count {
            let rest = arguments[used...].map { "\($0.typeName)=\($0.text)" }.joined(separator: ", ")
            output += "%!(EXTRA \(rest))"
        }
        return output.utf8.count <= maximumBytes ? output : nil
    }

    // MARK: - Steps

    private func directive(from index: inout Int) -> Directive {
        var directive = Directive()
        flags: while index < format.count {
            switch format[index] {
            case "-": directive.padsRight = true
            case "0": directive.padsByZero = true
            case "+": directive.showsSign = true
            case "#": directive.alternate = true
            case " ": break
            default: break flags
            }
            index += 1
        }
        directive.width = number(from: &index) ?? 0
        if index < format.count, format[index] == "." {
            index += 1
            directive.precision = number(from: &index) ?? 0
        }
        return directive
    }

    private func number(from index: inout Int) -> Int? {
        var value: Int?
        while index < format.count, let digit = format[index].wholeNumberValue, format[index].isASCII {
            value = min((value ?? 0) * 10 + digit, Self.maximumWidth)
            index += 1
        }
        return value
    }

    private func text(of value: TemplateValue, _ verb: Character, _ directive: Directive) -> String {
        switch (verb, value) {
        case ("v", .missing), ("v", .null), ("s", .missing), ("s", .null), ("d", .missing), ("d", .null):
            return verb == "v" ? "<nil>" : "%!\(verb)(<nil>)"
        case ("T", _): return value.typeName
        case ("v", .integer), ("d", .integer): return signed(value.text, directive)
        case ("v", _): return value.text
        case ("s", .string(let text)): return cut(text, directive)
        case ("s", .list(let values)):
            return "[" + values.map { self.text(of: $0, verb, directive) }.joined(separator: " ") + "]"
        case ("q", .string(let text)): return GoQuoted.text(cut(text, directive))
        case ("q", .list(let values)):
            return "[" + values.map { self.text(of: $0, verb, directive) }.joined(separator: " ") + "]"
        case ("t", .bool): return value.text
        case ("x", .integer(let number)): return signed(String(number, radix: 16), directive, prefix: "0x")
        case ("X", .integer(let number)):
            return signed(String(number, radix: 16, uppercase: true), directive, prefix: "0X")
        case ("o", .integer(let number)): return signed(String(number, radix: 8), directive, prefix: "0")
        case ("b", .integer(let number)): return signed(String(number, radix: 2), directive, prefix: "0b")
        case ("c", .integer(let number)):
            return UInt32(exactly: number).flatMap(Unicode.Scalar.init).map { String(Character($0)) } ?? "\u{FFFD}"
        case ("x", .string(let text)): return cut(text, directive).utf8.hex
        case ("X", .string(let text)): return cut(text, directive).utf8.hex.uppercased()
        case ("g", .float): return value.text
        case ("f", .float(let number)), ("F", .float(let number)):
            return signed(Self.fixed(number, digits: directive.precision ?? 6), directive)
        default: return "%!\(verb)(\(value.typeName)=\(value.text))"
        }
    }

    private func cut(_ text: String, _ directive: Directive) -> String {
        directive.precision.map { String(String.UnicodeScalarView(text.unicodeScalars.prefix($0))) } ?? text
    }

    private func signed(_ text: String, _ directive: Directive, prefix: String = "") -> String {
        let isNegative = text.hasPrefix("-")
        let digits = (directive.alternate ? prefix : "") + (isNegative ? String(text.dropFirst()) : text)
        return (isNegative ? "-" : directive.showsSign ? "+" : "") + digits
    }

    private func pad(_ text: String, _ directive: Directive) -> String {
        let missing = directive.width - text.unicodeScalars.count
        guard missing > 0 else { return text }
        if directive.padsRight { return text + String(repeating: " ", count: missing) }
        guard directive.padsByZero else { return String(repeating: " ", count: missing) + text }
        let sign = text.first.map { $0 == "-" || $0 == "+" } == true ? text.prefix(1) : ""
        return sign + String(repeating: "0", count: missing) + text.dropFirst(sign.count)
    }

    private static func fixed(_ value: Double, digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15, digits <= 15 else { return GoNumber.shortest(value) }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let whole = abs(value).rounded(.down)
        var fraction = ((abs(value) - whole) * scale).rounded(.toNearestOrEven)
        let carry = fraction >= scale
        if carry { fraction = 0 }
        let text = String(Int64(fraction))
        let zeros = String(repeating: "0", count: max(0, digits - text.count))
        return (value < 0 ? "-" : "") + String(Int64(whole) + (carry ? 1 : 0)) + (digits > 0 ? "." + zeros + text : "")
    }
}
