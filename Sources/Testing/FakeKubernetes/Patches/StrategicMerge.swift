// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// Kubernetes' own kind of patch for built-in types: lists of named things merge by name, and `$` members give orders.
struct StrategicMerge {
    let rules: MergeRules

    func patched(_ value: JSONValue, _ patch: JSONValue, at path: [String] = []) -> JSONValue? {
        guard case .object(let changes) = patch else { return patch == .null ? .none : patch }
        switch changes["$patch"]?.string {
        case "delete": return nil
        case "replace":
            var replaced = changes
            replaced["$patch"] = nil
            return .object(replaced)
        default: break
        }
        var object = value.object ?? JSONObject()
        if let kept = changes["$retainKeys"]?.array?.compactMap(\.string) {
            for name in object.names where !kept.contains(name) { object[name] = nil }
        }
        for change in changes.members {
            if change.name.hasPrefix("$") {
                order(change, object: &object)
            } else {
                object[change.name] = member(object[change.name], change.value, at: path + [change.name])
            }
        }
        return .object(object)
    }

    private func member(_ value: JSONValue?, _ change: JSONValue, at path: [String]) -> JSONValue? {
        guard case .array(let changes) = change else { return patched(value ?? .null, change, at: path) }
        guard !changes.contains(where: { $0["$patch"]?.string == "replace" }) else {
            return .array(changes.filter { $0["$patch"] == nil })
        }
        switch rules.treatment(of: change, at: path) {
        case .keyed(let keys): return .array(elements(value?.array ?? [], changes, keys, at: path))
        case .set:
            let present = value?.array ?? []
            return .array(present + changes.filter { !present.contains($0) })
        default: return change
        }
    }

    private func elements(_ present: [JSONValue], _ changes: [JSONValue], _ keys: [String], at path: [String])
        -> [JSONValue]
    {
        var elements = present
        for change in changes {
            let key = MergeRules.key(of: change, keys)
            let index = elements.firstIndex { MergeRules.key(of: $0, keys) == key }
            let result = patched(index.map { elements[$0] } ?? .null, change, at: path)
            switch (index, result) {
            case (let index?, let result?): elements[index] = result
            case (let index?, nil): elements.remove(at: index)
            case (nil, let result?): elements.append(result)
            case (nil, nil): break
            }
        }
        return elements
    }

    /// The order of lists is of no account here, so `$setElementOrder/` is passed over.
    private func order(_ change: JSONObject.Member, object: inout JSONObject) {
        guard let halves = change.name.halves(around: "/"), halves.before == "$deleteFromPrimitiveList" else { return }
        let deleted = change.value.array ?? []
        object[halves.after] = (object[halves.after]?.array).map { .array($0.filter { !deleted.contains($0) }) }
    }
}
