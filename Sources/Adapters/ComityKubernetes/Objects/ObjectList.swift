// SPDX-License-Identifier: Apache-2.0

public import SPIFFE

/// All objects of a type as they were at one moment.
public struct ObjectList: Hashable, Sendable {
    /// The objects in the API's order, each with its `apiVersion` and `kind`.
    public var items: [JSONValue]
    /// From where a watch goes on.
    public var resourceVersion: String

    /// Makes a list.
    public init(items: [JSONValue], resourceVersion: String) {
        self.items = items
        self.resourceVersion = resourceVersion
    }
}
