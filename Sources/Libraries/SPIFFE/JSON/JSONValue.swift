// SPDX-License-Identifier: Apache-2.0

/// A JSON value that keeps 64-bit integers exact and members in order.
///
/// ```swift
/// let document = try JSONValue(parsing: Array(#"{"spiffe_sequence": 18446744073709551615}"#.utf8), maximumBytes: 1024)
/// document["spiffe_sequence"]?.number?.unsigned  // 18446744073709551615
/// ```
public enum JSONValue: Hashable, Sendable {
    /// `null`
    case null
    /// `true` or `false`
    case bool(Bool)
    /// A number as it was written.
    case number(JSONNumber)
    /// A string, unescaped.
    case string(String)
    /// An ordered list.
    case array([JSONValue])
    /// Members with unique names.
    case object(JSONObject)
}

extension JSONValue {
    /// The value, if it is a boolean.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The value, if it is a number.
    public var number: JSONNumber? {
        guard case .number(let value) = self else { return nil }
        return value
    }

    /// The value, if it is a string.
    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The elements, if it is an array.
    public var array: [JSONValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    /// The members, if it is an object.
    public var object: JSONObject? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// The value under a name, if this is an object that has it.
    public subscript(name: String) -> JSONValue? {
        object?[name]
    }

    /// What kind of value this is, as error messages call it.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
