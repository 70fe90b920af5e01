// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// A list of changes by RFC 6902.
struct JSONPatch {
    private static let maximumOperations = 10_000

    private let operations: [JSONValue]

    init(_ value: JSONValue) throws(APIStatus) {
        guard let operations = value.array else { throw .badRequest("json patch is not an array") }
        guard operations.count <= Self.maximumOperations else {
            throw APIStatus(
                413, "RequestEntityTooLarge", "json patch has more than \(Self.maximumOperations) operations")
        }
        self.operations = operations
    }

    func applied(to value: JSONValue) throws(APIStatus) -> JSONValue {
        var result = value
        for operation in operations { try apply(operation, to: &result) }
        return result
    }

    private func apply(_ operation: JSONValue, to value: inout JSONValue) throws(APIStatus) {
        let path = try Self.pointer(operation["path"])
        switch operation["op"]?.string {
        case "add": try Self.add(operation["value"] ?? .null, at: path, in: &value)
        case "remove": _ = try Self.remove(path, from: &value)
        case "replace":
            guard !path.isEmpty else {
                value = operation["value"] ?? .null
                return
            }
            _ = try Self.remove(path, from: &value)
            try Self.add(operation["value"] ?? .null, at: path, in: &value)
        case "move":
            let moved = try Self.remove(try Self.pointer(operation["from"]), from: &value)
            try Self.add(moved, at: path, in: &value)
        case "copy":
            try Self.add(try Self.value(at: try Self.pointer(operation["from"]), in: value), at: path, in: &value)
        case "test":
            guard try Self.value(at: path, in: value) == operation["value"] else {
                throw Self.failure("testing value /\(path.joined(separator: "/")) failed")
            }
        default: throw .badRequest("unknown json patch operation")
        }
    }

    private static func pointer(_ value: JSONValue?) throws(APIStatus) -> [String] {
        guard let text = value?.string, text.isEmpty || text.hasPrefix("/") else {
            throw .badRequest("json patch needs a path that begins with a slash")
        }
        return text.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            String($0).replacing("~1", with: "/").replacing("~0", with: "~")
        }
    }

    private static func failure(_ why: String) -> APIStatus {
        APIStatus(422, "Invalid", "the server rejected our request due to an error in our request: \(why)")
    }

    private static func value(at path: [String], in value: JSONValue) throws(APIStatus) -> JSONValue {
        var found = value
        for name in path {
            let next =
                found[name]
                ?? Int(name).flatMap { index in
                    found.array.flatMap { $0.indices.contains(index) ? $0[index] : nil }
                }
            guard let next else { throw failure("no value at /\(path.joined(separator: "/"))") }
            found = next
        }
        return found
    }

    /// Changes what holds the last part of a path.
    private static func change(
        _ path: [String], in value: inout JSONValue, _ body: (inout JSONValue, String) throws(APIStatus) -> Void
    ) throws(APIStatus) {
        guard let first = path.first else { throw failure("the whole object cannot be removed") }
        let rest = Array(path.dropFirst())
        if rest.isEmpty { return try body(&value, first) }
        var child = try Self.value(at: [first], in: value)
        try change(rest, in: &child, body)
        if case .array(var elements) = value, let index = Int(first) {
            elements[index] = child
            value = .array(elements)
        } else {
            value[at: first] = child
        }
    }

    private static func add(_ added: JSONValue, at path: [String], in value: inout JSONValue) throws(APIStatus) {
        guard !path.isEmpty else {
            value = added
            return
        }
        try change(path, in: &value) { (holder, name) throws(APIStatus) in
            guard case .array(var elements) = holder else {
                guard holder.object != nil else { throw failure("add to what is no object: \(name)") }
                holder[at: name] = added
                return
            }
            let index = name == "-" ? elements.count : Int(name) ?? -1
            guard (0...elements.count).contains(index) else { throw failure("no place for index \(name)") }
            elements.insert(added, at: index)
            holder = .array(elements)
        }
    }

    private static func remove(_ path: [String], from value: inout JSONValue) throws(APIStatus) -> JSONValue {
        let removed = try Self.value(at: path, in: value)
        try change(path, in: &value) { (holder, name) throws(APIStatus) in
            guard case .array(var elements) = holder, let index = Int(name) else {
                holder[at: name] = nil
                return
            }
            elements.remove(at: index)
            holder = .array(elements)
        }
        return removed
    }
}
