// SPDX-License-Identifier: Apache-2.0

/// A value of a configuration file, the same tree for HCL and for JSON.
///
/// A label is a nested object: `DataStore "sql" { … }` reads as `DataStore { sql { … } }`.
package struct ConfigurationNode: Sendable, Hashable {
    package enum Value: Sendable, Hashable {
        /// In file order, repeated keys included.
        case object([ConfigurationMember])
        case list([ConfigurationNode])
        case string(String)
        /// In decimal notation.
        case number(String)
        case bool(Bool)
        case null
    }

    package var value: Value
    package var place: ConfigurationPlace

    package init(_ value: Value, at place: ConfigurationPlace) {
        self.value = value
        self.place = place
    }

    /// The members of an object, or of all objects of a list of objects in their order; nil for anything else.
    ///
    /// This one rule makes a map, a list of maps, nested maps, labelled blocks and repeated blocks the same thing.
    package var members: [ConfigurationMember]? {
        switch value {
        case .object(let members):
            return members
        case .list(let nodes):
            var all: [ConfigurationMember] = []
            for node in nodes {
                guard let members = node.members else { return nil }
                all += members
            }
            return all
        case .string, .number, .bool, .null:
            return nil
        }
    }

    /// What kind of value this is, in the words of a fault.
    var kind: String {
        switch value {
        case .object: "a block"
        case .list: "a list"
        case .string: "a string"
        case .number: "a number"
        case .bool: "a boolean"
        case .null: "null"
        }
    }
}
