// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// What is wrong with one field of an object, in the words of the API.
struct FieldFault: Sendable, CustomStringConvertible {
    enum Reason: String, Sendable {
        case invalid = "FieldValueInvalid"
        case required = "FieldValueRequired"
        case unsupported = "FieldValueNotSupported"
        case duplicate = "FieldValueDuplicate"
        case typeInvalid = "FieldValueTypeInvalid"
        case tooLong = "FieldValueTooLong"
        case tooMany = "FieldValueTooMany"
        case forbidden = "FieldValueForbidden"
    }

    let path: String
    let reason: Reason
    let message: String

    var description: String { "\(path): \(message)" }

    var cause: JSONValue {
        ["reason": .string(reason.rawValue), "message": .string(message), "field": .string(path)]
    }

    static func invalid(_ path: String, _ value: JSONValue, _ why: String) -> FieldFault {
        FieldFault(path: path, reason: .invalid, message: "Invalid value: \(shown(value)): \(why)")
    }

    static func required(_ path: String, _ why: String = "") -> FieldFault {
        FieldFault(path: path, reason: .required, message: "Required value" + (why.isEmpty ? "" : ": \(why)"))
    }

    /// Objects and arrays are not shown whole.
    private static func shown(_ value: JSONValue) -> String {
        switch value {
        case .array: "\"array\""
        case .object: "\"object\""
        default: "\(value)"
        }
    }
}
