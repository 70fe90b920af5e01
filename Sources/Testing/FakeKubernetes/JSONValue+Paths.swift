// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

extension JSONValue {
    /// The value below these member names; setting makes the objects on the way, `nil` removes the member.
    package subscript(at path: String...) -> JSONValue? {
        get { self[at: path] }
        set { self[at: path] = newValue }
    }

    package subscript(at path: [String]) -> JSONValue? {
        get { path.reduce(self) { $0?[$1] } }
        set {
            guard let first = path.first else {
                self = newValue ?? .null
                return
            }
            var object = object ?? JSONObject()
            let rest = Array(path.dropFirst())
            if rest.isEmpty {
                object[first] = newValue
            } else {
                guard newValue != nil || object[first] != nil else { return }
                var child = object[first] ?? .object(JSONObject())
                child[at: rest] = newValue
                object[first] = child
            }
            self = .object(object)
        }
    }

    /// The members that are strings.
    var texts: [String: String]? {
        object?.dictionary.compactMapValues(\.string)
    }

    /// Whether this is an object or array without anything in it.
    var isEmptyContainer: Bool {
        switch self {
        case .object(let object): object.members.isEmpty
        case .array(let elements): elements.isEmpty
        default: false
        }
    }
}
