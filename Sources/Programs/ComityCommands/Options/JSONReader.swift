// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import SPIFFE

/// Reads one object of a data file: what is missing is empty, what is of the wrong type is refused, what is not known is
/// told of.
struct JSONReader {
    /// What messages call the object.
    let name: String
    private let object: JSONObject

    /// - Throws: ``CommandError`` with code `input`.
    init(_ bytes: [UInt8], name: String, members: Set<String>) throws(CommandError) {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, maximumBytes: InputFile.maximumSize)
        } catch {
            throw CommandError(.input, "failed to parse \(name)", cause: error)
        }
        try self.init(value, name: name, members: members)
    }

    init(_ value: JSONValue, name: String, members: Set<String>) throws(CommandError) {
        guard let object = value.object else {
            throw CommandError(.input, "\(name) is not an object but of type \(value.kind)")
        }
        self.name = name
        self.object = object
        for member in object.names where !members.contains(member) {
            let hint = Suggestion.nearest(to: member, among: members).map { "; did you mean \($0)?" } ?? ""
            Console.warn("\(name) has an unknown member \(member.quoted), which is ignored\(hint)")
        }
    }

    func value(_ member: String) -> JSONValue? {
        object[member].flatMap { $0 == .null ? nil : $0 }
    }

    func text(_ member: String) throws(CommandError) -> String {
        guard let value = value(member) else { return "" }
        guard let text = value.string else { throw wrongType(member, value, "a string") }
        return text
    }

    func bool(_ member: String) throws(CommandError) -> Bool? {
        guard let value = value(member) else { return nil }
        guard let bool = value.bool else { throw wrongType(member, value, "true or false") }
        return bool
    }

    func integer<Integer: FixedWidthInteger>(_ member: String) throws(CommandError) -> Integer {
        guard let value = value(member) else { return 0 }
        guard let integer = value.number?.signed.flatMap({ Integer(exactly: $0) }) else {
            throw wrongType(member, value, "a whole number in range")
        }
        return integer
    }

    func list(_ member: String) throws(CommandError) -> [JSONValue]? {
        guard let value = value(member) else { return nil }
        guard let list = value.array else { throw wrongType(member, value, "a list") }
        return list
    }

    func texts(_ member: String) throws(CommandError) -> [String] {
        var texts: [String] = []
        for value in try list(member) ?? [] {
            guard let text = value.string else { throw wrongType(member, value, "a list of strings") }
            texts.append(text)
        }
        return texts
    }

    func object(_ member: String, members: Set<String>) throws(CommandError) -> JSONReader? {
        guard let value = value(member) else { return nil }
        return try JSONReader(value, name: "\(member) of \(name)", members: members)
    }

    private func wrongType(_ member: String, _ value: JSONValue, _ expected: String) -> CommandError {
        CommandError(.input, "\(member) of \(name) must be \(expected), not of type \(value.kind)")
    }
}
