// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension ResourceCall {
    func create() throws(APIStatus) -> APIResponse {
        var admission = Admission(type: type, options: try WriteOptions(request), subresource: "")
        let object = try admission.decoded(try body(), in: path.namespace)
        return try create(object, &admission, manages: nil)
    }

    /// - Parameter managed: who owns which fields when that is known already, as of an apply.
    func create(
        _ object: JSONValue, _ admission: inout Admission, manages managed: ManagedFields?
    ) throws(APIStatus) -> APIResponse {
        let value = try admission.new(object, namespace: path.namespace, managed)
        let name = StoredObject(value, version: 0).name
        guard store.object(name, in: type.resource) == nil else { throw .alreadyExists(type.resource, name.name) }
        try checkNamespace()
        guard !admission.options.isDryRun else { return response(value, admission, status: 201) }
        guard let stored = store.put(value, in: type.resource, over: nil) else {
            throw .alreadyExists(type.resource, name.name)
        }
        return response(stored.value, admission, status: 201)
    }

    func response(_ value: JSONValue, _ admission: Admission, status: Int = 200) -> APIResponse {
        var response = APIResponse(value, status: status)
        response.warnings = admission.warnings
        return response
    }

    private func checkNamespace() throws(APIStatus) {
        guard type.isNamespaced else { return }
        guard let namespace = path.namespace else {
            throw .badRequest("an object of a namespace is created at a path with its namespace")
        }
        let name = ObjectName(namespace: "", name: namespace)
        guard let object = store.object(name, in: .namespaces) else { throw .notFound(.namespaces, namespace) }
        guard object.value[at: "metadata", "deletionTimestamp"] == nil else {
            throw APIStatus(
                403, "Forbidden",
                "unable to create new content in namespace \(namespace) because it is being terminated")
        }
    }
}
