// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension FieldSet {
    /// Reads `fieldsV1`.
    init(_ value: JSONValue) {
        guard let object = value.object, !object.members.isEmpty else {
            self = .value
            return
        }
        isMember = object["."] != nil
        for member in object.members where member.name != "." {
            children[member.name] = FieldSet(member.value)
        }
    }

    /// The set as `fieldsV1`.
    var json: JSONValue {
        var object = JSONObject()
        if isMember, !children.isEmpty { object["."] = [:] }
        for (name, child) in children.sorted(by: { $0.key < $1.key }) { object[name] = child.json }
        return .object(object)
    }
}
