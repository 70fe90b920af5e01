// SPDX-License-Identifier: Apache-2.0

/// Which objects of a type a list or a watch is about.
struct ObjectFilter: Sendable {
    private let namespace: String?
    private let name: String?
    private let labels: LabelSelector
    private let fields: FieldSelector

    init(_ path: ResourcePath, _ query: [String: String], for type: APIType) throws(APIStatus) {
        namespace = path.namespace
        name = path.name
        labels = try LabelSelector(query["labelSelector"] ?? "")
        fields = try FieldSelector(query["fieldSelector"] ?? "", for: type)
    }

    func matches(_ object: StoredObject) -> Bool {
        (namespace == nil || namespace == object.name.namespace) && (name == nil || name == object.name.name)
            && labels.matches(object.labels) && fields.matches(object)
    }
}
