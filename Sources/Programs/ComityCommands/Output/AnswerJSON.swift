// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import SPIFFE

/// Answers in JSON as SPIRE's commands print them: one line, names sorted, nothing that is null.
enum AnswerJSON {
    /// One answer as itself, several as an array.
    static func line(_ answers: [JSONValue]) -> String {
        let value = answers.count == 1 ? answers[0] : .array(answers)
        let bytes = sorted(value).bytes(format: JSONFormat(escapesHTML: true))
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }

    private static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(sorted))
        case .object(let object):
            var result = JSONObject()
            for member in object.members.sorted(by: { $0.name < $1.name }) where member.value != .null {
                result[member.name] = sorted(member.value)
            }
            return .object(result)
        default: return value
        }
    }
}

extension JSONValue {
    /// A message with the names of its proto; what is `nil` is left out.
    static func message(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
        var object = JSONObject()
        for (name, value) in members {
            if let value { object[name] = value }
        }
        return .object(object)
    }

    /// A 64-bit integer, which JSON readers may not keep exact: written as a string.
    static func long(_ value: some FixedWidthInteger) -> JSONValue {
        .string(String(value))
    }

    static func int(_ value: Int32) -> JSONValue {
        .number(JSONNumber(value))
    }

    static func bytes(_ data: Data) -> JSONValue {
        .string(Base64.standard.encode(data))
    }

    static func list<Element>(_ elements: [Element], _ json: (Element) -> JSONValue) -> JSONValue {
        .array(elements.map(json))
    }

    static func strings(_ texts: [String]) -> JSONValue {
        .array(texts.map(JSONValue.string))
    }
}
