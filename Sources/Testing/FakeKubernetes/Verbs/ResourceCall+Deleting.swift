// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension ResourceCall {
    func delete() throws(APIStatus) -> APIResponse {
        let options = request.body.isEmpty ? [:] : try body()
        while true {
            let current = try storedObject()
            try checkPreconditions(options["preconditions"], current)
            guard !isDryRun(options) else { return deleted(current) }
            if let result = remove(current) { return result }
        }
    }

    func deleteCollection() throws(APIStatus) -> APIResponse {
        let filter = try ObjectFilter(path, request.query, for: type)
        let options = request.body.isEmpty ? [:] : try body()
        if !isDryRun(options) {
            for object in store.snapshot(of: type.resource).objects where filter.matches(object) { _ = remove(object) }
        }
        return APIResponse(["kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "code": 200])
    }

    /// - Returns: `nil` when somebody has changed the object in between.
    private func remove(_ current: StoredObject) -> APIResponse? {
        var value = current.value
        if let finalizers = value[at: "metadata", "finalizers"]?.array, !finalizers.isEmpty {
            guard value[at: "metadata", "deletionTimestamp"] == nil else { return APIResponse(value) }
            value[at: "metadata", "deletionTimestamp"] = .string(Admission.now)
            value[at: "metadata", "deletionGracePeriodSeconds"] = 0
            if let generation = value[at: "metadata", "generation"]?.number?.signed {
                value[at: "metadata", "generation"] = .number(JSONNumber(generation + 1))
            }
            return store.put(value, in: type.resource, over: current.version).map { APIResponse($0.value) }
        }
        guard store.remove(current.name, from: type.resource, over: current.version) != nil else { return nil }
        if type.resource == .namespaces { empty(namespace: current.name.name) }
        if type.resource == .definitions { removeObjects(definedBy: value) }
        return deleted(current)
    }

    private func deleted(_ object: StoredObject) -> APIResponse {
        var details: JSONValue = ["name": .string(object.name.name), "kind": .string(type.plural)]
        if !type.group.isEmpty { details[at: "group"] = .string(type.group) }
        details[at: "uid"] = object.value[at: "metadata", "uid"]
        return APIResponse([
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Success", "details": details,
        ])
    }

    private func isDryRun(_ options: JSONValue) -> Bool {
        request.query["dryRun"] == "All" || options["dryRun"]?.array?.contains("All") ?? false
    }

    private func checkPreconditions(_ wanted: JSONValue?, _ current: StoredObject) throws(APIStatus) {
        for name in ["uid", "resourceVersion"] {
            guard let wanted = wanted?[name]?.string else { continue }
            let present = current.value[at: "metadata", name]?.string ?? ""
            guard present == wanted else {
                let what = name == "uid" ? "UID" : "ResourceVersion"
                throw .conflict(
                    type.resource, current.name.name,
                    "Precondition failed: \(what) in precondition: \(wanted), \(what) in object meta: \(present)")
            }
        }
    }

    /// What lay in a namespace goes with it.
    private func empty(namespace: String) {
        for type in server.catalog.types where type.isNamespaced {
            for object in store.snapshot(of: type.resource).objects where object.name.namespace == namespace {
                _ = store.remove(object.name, from: type.resource, over: object.version)
            }
        }
    }

    /// Custom resources go with their definition.
    private func removeObjects(definedBy definition: JSONValue) {
        let resource = GroupResource(
            group: definition[at: "spec", "group"]?.string ?? "",
            plural: definition[at: "spec", "names", "plural"]?.string ?? "")
        for object in store.snapshot(of: resource).objects {
            _ = store.remove(object.name, from: resource, over: object.version)
        }
    }
}
