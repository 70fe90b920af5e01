// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// An object as it lies in the store: its text, and what most requests ask of it without reading that.
struct StoredObject: Sendable {
    let name: ObjectName
    let version: UInt64
    let labels: [String: String]
    /// The object as JSON.
    let bytes: [UInt8]

    /// - Parameter value: must have a name; gets the version as its `resourceVersion`.
    init(_ value: JSONValue, version: UInt64) {
        var value = value
        value[at: "metadata", "resourceVersion"] = .string("\(version)")
        name = ObjectName(
            namespace: value[at: "metadata", "namespace"]?.string ?? "",
            name: value[at: "metadata", "name"]?.string ?? "")
        self.version = version
        labels = value[at: "metadata", "labels"]?.texts ?? [:]
        bytes = value.bytes()
    }

    var value: JSONValue {
        // What lies in the store was written by `bytes()`.
        (try? JSONValue(parsing: bytes, maximumBytes: .max)) ?? .null
    }
}
