// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension SchemaNode {
    /// Leaves out what the schema does not know, and names it.
    ///
    /// - Parameter isObjectOfAPI: the value is a whole object: its `apiVersion`, `kind` and `metadata` are known anyway.
    func pruned(
        _ value: JSONValue, at path: String = "", isObjectOfAPI: Bool = false, unknown: inout [String]
    ) -> JSONValue {
        switch value {
        case .object(let object):
            var kept = JSONObject()
            for member in object.members {
                let place = path.isEmpty ? member.name : "\(path).\(member.name)"
                if isObjectOfAPI || isEmbedded, ["apiVersion", "kind", "metadata"].contains(member.name) {
                    kept[member.name] = member.value
                } else if let schema = self.member(member.name) {
                    kept[member.name] = schema.pruned(member.value, at: place, unknown: &unknown)
                } else if preservesUnknown || allowsAdditional {
                    kept[member.name] = member.value
                } else {
                    unknown.append(place)
                }
            }
            return .object(kept)
        case .array(let elements):
            guard let items else { return value }
            return .array(
                elements.enumerated().map { index, element in
                    items.pruned(element, at: "\(path)[\(index)]", unknown: &unknown)
                })
        default: return value
        }
    }
}
