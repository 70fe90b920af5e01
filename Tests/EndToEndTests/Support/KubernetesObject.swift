// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import Testing

/// An object of a manifest, as programs that are not ours read it.
struct KubernetesObject {
    let json: JSONValue

    /// Reads YAML documents.
    static func read(_ yaml: String) async throws -> [KubernetesObject] {
        try parse(try await PythonClient.run("documents.py", input: yaml).check().output)
    }

    /// Reads a JSON list, or a single object.
    static func parse(_ json: String) throws -> [KubernetesObject] {
        let value = try JSONValue(parsing: Array(json.utf8), maximumBytes: 1 << 22)
        return (value.array ?? [value]).map(KubernetesObject.init)
    }

    /// What `comity manifests render` prints.
    static func rendered(_ overlay: String, _ flags: String...) async throws -> [KubernetesObject] {
        let result = try await ToolCommand.run(
            BuiltExecutable.path, ["manifests", "render", "--overlay", overlay] + flags)
        return try await read(try result.check().output)
    }

    subscript(path: String...) -> JSONValue? { Self.value(json, path[...]) }

    /// A list's element is named by its place.
    static func value(_ json: JSONValue, _ path: ArraySlice<String>) -> JSONValue? {
        guard let name = path.first else { return json }
        let inner = json.array.flatMap { list in Int(name).flatMap { list.indices.contains($0) ? list[$0] : nil } }
        return (json[name] ?? inner).flatMap { value($0, path.dropFirst()) }
    }

    var kind: String { self["kind"]?.string ?? "" }
    var name: String { self["metadata", "name"]?.string ?? "" }
    var namespace: String { self["metadata", "namespace"]?.string ?? "" }

    /// What a workload makes pods of; `nil` for other objects.
    var podTemplate: KubernetesObject? { self["spec", "template"].map(KubernetesObject.init) }

    var labels: [String: String] { texts(self["metadata", "labels"]) }

    /// Whether a selector with these labels finds it.
    func isSelected(by selector: JSONValue?) -> Bool {
        let wanted = texts(selector)
        return !wanted.isEmpty && wanted.allSatisfy { labels[$0.key] == $0.value }
    }

    private func texts(_ json: JSONValue?) -> [String: String] {
        json?.object?.dictionary.compactMapValues(\.string) ?? [:]
    }
}

extension [KubernetesObject] {
    func one(_ kind: String, _ name: String, in namespace: String? = nil) throws -> KubernetesObject {
        try #require(
            first { $0.kind == kind && $0.name == name && (namespace == nil || $0.namespace == namespace) },
            "there is no \(kind) \(name)")
    }

    var workloads: [KubernetesObject] { filter { $0.podTemplate != nil } }
}
