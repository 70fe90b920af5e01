// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

extension FakeCluster {
    /// The object that was to be added is none.
    package struct NotAnObject: Error, CustomStringConvertible {
        package let description: String
    }

    /// Puts an object into the store as it is, its status too, without asking whether its schema allows it.
    ///
    /// - Returns: the object with what the API adds to it.
    @discardableResult
    package func add(_ object: JSONValue) throws -> JSONValue {
        let type = server.catalog.types.first {
            $0.kind == object["kind"]?.string && $0.apiVersion == object["apiVersion"]?.string
        }
        guard let type else {
            throw NotAnObject(description: "no such type: \(object["apiVersion"] ?? .null) \(object["kind"] ?? .null)")
        }
        var value = BuiltInDefaults.completed(object, type)
        if let status = object["status"] { value[at: "status"] = status }
        value[at: "metadata", "uid"] = object[at: "metadata", "uid"] ?? .string(newUID())
        value[at: "metadata", "creationTimestamp"] =
            object[at: "metadata", "creationTimestamp"] ?? .string(Admission.now)
        let name = StoredObject(value, version: 0).name
        let present = server.store.object(name, in: type.resource)?.version
        if type.hasGeneration {
            let generation = object[at: "metadata", "generation"]?.number?.signed ?? 0
            value[at: "metadata", "generation"] = .number(JSONNumber(generation + 1))
        }
        guard let stored = server.store.put(value, in: type.resource, over: present) else {
            throw NotAnObject(description: "\(name.name) was changed at the same time")
        }
        return stored.value
    }

    /// Puts the objects of manifests into the store.
    package func add(yaml: String) throws {
        for object in try YAMLBody.documents(yaml) { try add(object) }
    }

    /// An object as it lies in the store.
    package func object(_ plural: String, group: String = "", _ name: String, namespace: String = "") -> JSONValue? {
        let resource = GroupResource(group: group, plural: plural)
        return server.store.object(ObjectName(namespace: namespace, name: name), in: resource)?.value
    }

    /// Tells all watches with bookmarks how far they are.
    package func sendBookmarks() {
        server.store.announceVersion()
    }

    /// Ends all watches.
    package func dropWatches() {
        server.store.dropWatchers()
    }

    /// Forgets what has happened, so that watches from earlier versions get 410, and ends all watches.
    package func forgetHistory() {
        server.store.compact()
        server.store.dropWatchers()
    }

    /// Lists answer as of now whatever happens, until the cluster is told to behave.
    package func serveStaleLists() {
        misbehaves.serveStaleLists(server.catalog.types.map { server.store.snapshot(of: $0.resource) })
    }
}
