// SPDX-License-Identifier: Apache-2.0

/// A type of objects that the API serves, in one version.
struct APIType: Sendable {
    let group: String
    let version: String
    let kind: String
    let plural: String
    var singular: String
    var shortNames: [String] = []
    var categories: [String] = []
    let isNamespaced: Bool
    var hasStatus = false
    /// Whether `metadata.generation` counts the changes of what is wished for.
    var hasGeneration = false
    /// What a table shows after the name.
    var columns: [TableColumn] = TableColumn.age
    var selectableFields: Set<String> = ["metadata.name", "metadata.namespace"]
    /// Said with each answer, of a version that is going away.
    var deprecationWarning: String?
    /// What custom resources are held to; built-in types are taken as they come.
    var schema: SchemaNode?
    /// Whether its definition is a CustomResourceDefinition.
    var isCustom = false

    init(group: String = "", version: String, kind: String, plural: String, isNamespaced: Bool) {
        self.group = group
        self.version = version
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
        singular = kind.lowercased()
    }

    var resource: GroupResource { GroupResource(group: group, plural: plural) }
    var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
    var mergeRules: MergeRules { MergeRules(schema: isCustom ? schema : nil, isCustom: isCustom) }
}
