// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension ResourceCall {
    private enum PatchType: String, CaseIterable {
        case json = "application/json-patch+json"
        case merge = "application/merge-patch+json"
        case strategic = "application/strategic-merge-patch+json"
        case apply = "application/apply-patch+yaml"
    }

    func patch() throws(APIStatus) -> APIResponse {
        let allowed = PatchType.allCases.filter { $0 != .strategic || !type.isCustom }
        guard let kind = PatchType(rawValue: request.contentType), allowed.contains(kind) else {
            throw .unsupportedMediaType(allowed.map(\.rawValue))
        }
        let patch = try body()
        guard kind != .apply else { return try apply(patch) }
        var admission = Admission(
            type: type, options: try WriteOptions(request), subresource: path.subresource ?? "")
        return try write(&admission) { (present, admission) throws(APIStatus) in
            let patched: JSONValue =
                switch kind {
                case .json: try JSONPatch(patch).applied(to: present)
                case .merge: present.mergePatched(patch)
                default: StrategicMerge(rules: type.mergeRules).patched(present, patch) ?? [:]
                }
            return (try admission.decoded(patched, in: path.namespace), nil)
        }
    }

    private func apply(_ configuration: JSONValue) throws(APIStatus) -> APIResponse {
        guard let manager = request.query["fieldManager"], !manager.isEmpty else {
            throw APIStatus(
                422, "Invalid",
                "PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch")
        }
        guard configuration[at: "metadata", "managedFields"]?.array?.isEmpty ?? true else {
            throw .badRequest("metadata.managedFields must be nil")
        }
        let subresource = path.subresource ?? ""
        var admission = Admission(type: type, options: try WriteOptions(request), subresource: subresource)
        var named = configuration
        if named[at: "metadata", "name"] == nil { named[at: "metadata", "name"] = .string(objectName.name) }
        let applied = try admission.decoded(named, in: path.namespace)
        guard applied[at: "metadata", "name"]?.string == path.name else {
            throw .badRequest("the name of the object does not match the name on the URL (\(path.name ?? ""))")
        }
        let by = ManagedFields.Manager(
            name: manager, operation: "Apply", apiVersion: type.apiVersion, subresource: subresource)
        if store.object(objectName, in: type.resource) == nil, subresource.isEmpty {
            var managed = ManagedFields(nil)
            let object = try managed.apply(
                applied, by: by, over: applied, type.mergeRules, isForced: true, at: admission.time)
            return try create(object, &admission, manages: managed)
        }
        return try write(&admission) { (present, admission) throws(APIStatus) in
            if let version = configuration[at: "metadata", "resourceVersion"],
                version != present[at: "metadata", "resourceVersion"]
            {
                throw .modified(type.resource, objectName.name)
            }
            var managed = ManagedFields(present)
            let merged = try managed.apply(
                admission.relevant(applied), by: by, over: present, type.mergeRules,
                isForced: admission.options.isForced,
                at: admission.time)
            return (merged, managed)
        }
    }
}
