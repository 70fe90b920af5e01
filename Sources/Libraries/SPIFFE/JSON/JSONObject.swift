// SPDX-License-Identifier: Apache-2.0

/// The members of a JSON object: unique names, in the order in which they were written.
///
/// Objects are equal when they have the same members in any order.
public struct JSONObject: Sendable {
    /// One name with its value.
    public struct Member: Sendable {
        /// The name, unescaped.
        public let name: String
        /// What the object says under that name.
        public internal(set) var value: JSONValue
    }

    /// The members in the order in which they were written.
    public private(set) var members: [Member] = []

    private var positions: [String: Int] = [:]

    /// Makes an object without members.
    public init() {}

    /// The value under a name; setting replaces it in its place or appends it, `nil` removes it.
    public subscript(name: String) -> JSONValue? {
        get { positions[name].map { members[$0].value } }
        set {
            guard let newValue else { return remove(name) }
            if let position = positions[name] {
                members[position].value = newValue
            } else {
                insert(newValue, under: name)
            }
        }
    }

    /// The names in the order in which they were written.
    public var names: [String] {
        members.map(\.name)
    }

    /// The members as a dictionary.
    public var dictionary: [String: JSONValue] {
        positions.mapValues { members[$0].value }
    }

    /// Appends a member unless the name is taken, and says whether it did.
    @discardableResult
    mutating func insert(_ value: JSONValue, under name: String) -> Bool {
        // One look-up for both the test and the insertion: parsing spends its time here.
        let position = members.count
        let known = positions.updateValue(position, forKey: name)
        if let known {
            positions[name] = known
            return false
        }
        members.append(Member(name: name, value: value))
        return true
    }

    private mutating func remove(_ name: String) {
        guard let position = positions.removeValue(forKey: name) else { return }
        members.remove(at: position)
        for later in position..<members.count {
            positions[members[later].name] = later
        }
    }
}

extension JSONObject: Hashable {
    /// Compares members, not their order.
    public static func == (lhs: JSONObject, rhs: JSONObject) -> Bool {
        lhs.members.count == rhs.members.count && lhs.members.allSatisfy { rhs[$0.name] == $0.value }
    }

    /// Hashes the members whatever their order.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(dictionary)
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Makes an object from a literal; a name that is given twice keeps its last value.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        for (name, value) in elements {
            self[name] = value
        }
    }
}
