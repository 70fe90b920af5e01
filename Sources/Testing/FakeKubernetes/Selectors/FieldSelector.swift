// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// The text of a `fieldSelector`: `metadata.name=a,spec.nodeName!=b`.
struct FieldSelector: Sendable {
    private struct Term: Sendable {
        let path: [String]
        let value: String
        let isEqual: Bool
    }

    private let terms: [Term]

    /// - Parameter type: says which fields may be asked for.
    init(_ text: String, for type: APIType) throws(APIStatus) {
        var terms: [Term] = []
        for part in text.split(separator: ",").map({ String($0).trimmed }) {
            let unequal = part.halves(around: "!=")
            guard let halves = unequal ?? part.halves(around: "==") ?? part.halves(around: "=") else {
                throw .badRequest("invalid selector: \(text.quoted); can't understand \(part.quoted)")
            }
            guard type.selectableFields.contains(halves.before) else {
                throw .badRequest("field label not supported: \(halves.before)")
            }
            terms.append(
                Term(
                    path: halves.before.split(separator: ".").map(String.init), value: halves.after,
                    isEqual: unequal == nil))
        }
        self.terms = terms
    }

    func matches(_ object: StoredObject) -> Bool {
        var value: JSONValue?
        return terms.allSatisfy { term in
            let found: String
            switch term.path {
            case ["metadata", "name"]: found = object.name.name
            case ["metadata", "namespace"]: found = object.name.namespace
            default:
                let read = value ?? object.value
                value = read
                found = Self.text(read[at: term.path])
            }
            return (found == term.value) == term.isEqual
        }
    }

    private static func text(_ value: JSONValue?) -> String {
        switch value {
        case .string(let text): text
        case .bool(let flag): "\(flag)"
        case .number(let number): number.text
        default: ""
        }
    }
}
