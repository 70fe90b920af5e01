// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension ResourceCall {
    func replace() throws(APIStatus) -> APIResponse {
        var admission = Admission(
            type: type, options: try WriteOptions(request), subresource: path.subresource ?? "")
        let object = try admission.decoded(try body(), in: path.namespace)
        guard object[at: "metadata", "name"]?.string == path.name else {
            throw .badRequest("the name of the object does not match the name on the URL (\(path.name ?? ""))")
        }
        if type.isCustom, object[at: "metadata", "resourceVersion"] == nil {
            throw .invalid(
                type, path.name ?? "",
                [.invalid("metadata.resourceVersion", 0, "must be specified for an update")])
        }
        return try write(&admission) { (_, _) throws(APIStatus) in (object, nil) }
    }

    /// Changes the object, again and again while others change it in between.
    ///
    /// - Parameter change: makes the new object of the present one, and says who owns which fields if it knows.
    func write(
        _ admission: inout Admission,
        _ change: (JSONValue, inout Admission) throws(APIStatus) -> (JSONValue, ManagedFields?)
    ) throws(APIStatus) -> APIResponse {
        while true {
            let current = try storedObject()
            let present = current.value
            let (wanted, managed) = try change(present, &admission)
            let value = try admission.changed(wanted, from: present, managed)
            guard !admission.options.isDryRun, value != present else { return response(value, admission) }
            if value[at: "metadata", "deletionTimestamp"] != nil, value[at: "metadata", "finalizers"] == nil {
                // The last finalizer has gone.
                guard store.remove(current.name, from: type.resource, over: current.version) != nil else { continue }
                return response(value, admission)
            }
            guard let stored = store.put(value, in: type.resource, over: current.version) else { continue }
            return response(stored.value, admission)
        }
    }
}
