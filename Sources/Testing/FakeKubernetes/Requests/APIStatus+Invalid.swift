// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension APIStatus {
    /// An object that its schema does not allow.
    static func invalid(_ type: APIType, _ name: String, _ faults: [FieldFault]) -> APIStatus {
        let texts = faults.map(\.description)
        let list = texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
        let kind = type.group.isEmpty ? type.kind : "\(type.kind).\(type.group)"
        return APIStatus(
            422, "Invalid", "\(kind) \(name.quoted) is invalid: \(list)",
            details: [
                "name": .string(name), "group": .string(type.group), "kind": .string(type.kind),
                "causes": .array(faults.map(\.cause)),
            ])
    }
}
