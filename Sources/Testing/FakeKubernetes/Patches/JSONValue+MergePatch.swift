// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension JSONValue {
    /// This value changed by a merge patch (RFC 7396): `null` removes a member.
    func mergePatched(_ patch: JSONValue) -> JSONValue {
        guard case .object(let changes) = patch else { return patch }
        var object = object ?? JSONObject()
        for change in changes.members {
            object[change.name] =
                change.value == .null ? .none : (object[change.name] ?? .null).mergePatched(change.value)
        }
        return .object(object)
    }
}
