// SPDX-License-Identifier: Apache-2.0

/// Which objects of a type are meant.
public struct ObjectSelection: Hashable, Sendable {
    /// As the API reads it, such as `app=web,tier!=cache`.
    public var labels: String?
    /// As the API reads it, such as `spec.nodeName=node-1`.
    public var fields: String?

    /// Makes a selection; what is `nil` selects all.
    public init(labels: String? = nil, fields: String? = nil) {
        self.labels = labels
        self.fields = fields
    }

    /// Every object.
    public static let all = ObjectSelection()

    var query: [QueryItem] {
        [QueryItem("labelSelector", labels), QueryItem("fieldSelector", fields)].compactMap(\.self)
    }
}
