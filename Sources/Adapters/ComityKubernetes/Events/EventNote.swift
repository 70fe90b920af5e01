// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// Something that happened to an object.
struct EventNote: Hashable, Sendable {
    /// The object as events name it.
    let object: ObjectReference
    let type: String
    let reason: String
    let message: String

    struct ObjectReference: Hashable, Sendable {
        let apiVersion: String
        let kind: String
        let key: ObjectKey
        let uid: String

        init?(_ object: JSONValue) {
            guard let key = ObjectKey(object) else { return nil }
            self.key = key
            apiVersion = object["apiVersion"]?.string ?? ""
            kind = object["kind"]?.string ?? ""
            uid = object["metadata"]?["uid"]?.string ?? ""
        }

        var json: JSONValue {
            var members: JSONObject = [
                "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(key.name),
                "uid": .string(uid),
            ]
            members["namespace"] = key.namespace.map { .string($0) }
            return .object(members)
        }
    }
}
