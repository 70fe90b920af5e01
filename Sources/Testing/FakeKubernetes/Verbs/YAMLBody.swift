// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Yams

/// YAML of clients as JSON: the body of an apply, and manifests of tests.
enum YAMLBody {
    struct NotJSON: Error, CustomStringConvertible {
        let description: String
    }

    /// The one document of a text; JSON is YAML too.
    static func value(_ bytes: [UInt8]) throws -> JSONValue {
        if let value = try? JSONValue(parsing: bytes, maximumBytes: .max) { return value }
        return try Yams.compose(yaml: String(decoding: bytes, as: UTF8.self)).map(value) ?? .null
    }

    /// All documents of a text.
    static func documents(_ text: String) throws -> [JSONValue] {
        try Yams.compose_all(yaml: text).map(value)
    }

    private static func value(_ node: Node) throws -> JSONValue {
        switch node {
        case .mapping(let mapping):
            var object = JSONObject()
            for (key, child) in mapping {
                guard let name = key.scalar?.string else { throw NotJSON(description: "a key is no string") }
                object[name] = try value(child)
            }
            return .object(object)
        case .sequence(let sequence): return .array(try sequence.map(value))
        case .scalar(let scalar): return self.scalar(scalar)
        case .alias: throw NotJSON(description: "aliases are not taken")
        }
    }

    private static func scalar(_ scalar: Node.Scalar) -> JSONValue {
        let node = Node.scalar(scalar)
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        if node.null != nil { return .null }
        if let flag = node.bool { return .bool(flag) }
        if let integer = node.int { return .number(JSONNumber(integer)) }
        return node.float.flatMap { JSONNumber($0) }.map { .number($0) } ?? .string(scalar.string)
    }
}
