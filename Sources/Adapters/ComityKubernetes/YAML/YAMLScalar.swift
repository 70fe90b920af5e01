// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Yams

/// What a scalar stands for, as kubectl reads it.
enum YAMLScalar {
    private static let truths: Set<String> = ["true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON"]
    private static let falsehoods: Set<String> = ["false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF"]
    private static let nulls: Set<String> = ["", "~", "null", "Null", "NULL"]

    static func value(of scalar: Node.Scalar) throws(KubernetesError) -> JSONValue {
        switch scalar.tag.description {
        case Tag.Name.str.rawValue, Tag.Name.binary.rawValue: .string(scalar.string)
        default: scalar.style == .plain ? try value(ofPlain: scalar.string) : .string(scalar.string)
        }
    }

    /// What a text without quotes stands for.
    static func value(ofPlain text: String) throws(KubernetesError) -> JSONValue {
        if nulls.contains(text) { return .null }
        if truths.contains(text) { return .bool(true) }
        if falsehoods.contains(text) { return .bool(false) }
        if let integer = integer(text) { return .number(integer) }
        return try float(text).map { .number($0) } ?? .string(text)
    }

    private static func integer(_ text: String) -> JSONNumber? {
        let isNegative = text.hasPrefix("-")
        let digits = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
        guard let first = digits.first, first.isASCII, first.isNumber else { return nil }
        let (radix, rest) =
            switch digits.prefix(2) {
            case "0x": (16, digits.dropFirst(2))
            case "0o": (8, digits.dropFirst(2))
            case "0b": (2, digits.dropFirst(2))
            default: (first == "0" && digits.count > 1 ? 8 : 10, digits)
            }
        guard rest.first?.isHexDigit == true, let magnitude = UInt64(rest, radix: radix) else { return nil }
        guard isNegative else { return JSONNumber(magnitude) }
        return Int64(exactly: magnitude).map { JSONNumber(-$0) }
    }

    private static func float(_ text: String) throws(KubernetesError) -> JSONNumber? {
        if [".inf", "+.inf", "-.inf", ".nan"].contains(text.lowercased()) {
            throw YAML.failure("YAML has a number that JSON cannot express: \(text)")
        }
        guard text.utf8.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }), text.contains(where: \.isNumber) else {
            return nil
        }
        return Double(text).flatMap { JSONNumber($0) }
    }
}
