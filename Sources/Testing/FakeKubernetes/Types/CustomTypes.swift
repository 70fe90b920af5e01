// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension APIType {
    /// The types that a CustomResourceDefinition adds, one per served version.
    static func custom(_ definition: JSONValue) -> [APIType] {
        let spec = definition["spec"] ?? .null
        return (spec["versions"]?.array ?? []).filter { $0["served"]?.bool ?? false }.compactMap { version in
            custom(spec, version)
        }
    }

    private static func custom(_ spec: JSONValue, _ version: JSONValue) -> APIType? {
        let names = spec["names"] ?? .null
        guard let group = spec["group"]?.string, let kind = names["kind"]?.string,
            let plural = names["plural"]?.string, let name = version["name"]?.string
        else { return nil }
        var type = APIType(
            group: group, version: name, kind: kind, plural: plural,
            isNamespaced: spec["scope"]?.string == "Namespaced")
        type.isCustom = true
        type.singular = names["singular"]?.string ?? kind.lowercased()
        type.shortNames = (names["shortNames"]?.array ?? []).compactMap(\.string)
        type.categories = (names["categories"]?.array ?? []).compactMap(\.string)
        type.hasStatus = version[at: "subresources", "status"] != nil
        type.hasGeneration = true
        type.schema = version[at: "schema", "openAPIV3Schema"].map(SchemaNode.init)
        if let columns = version["additionalPrinterColumns"]?.array, !columns.isEmpty {
            type.columns = columns.compactMap(TableColumn.init)
        }
        let selectable = (version["selectableFields"]?.array ?? []).compactMap { $0["jsonPath"]?.string?.dropFirst() }
        type.selectableFields.formUnion(selectable.map(String.init))
        if version["deprecated"]?.bool ?? false {
            type.deprecationWarning =
                version["deprecationWarning"]?.string ?? "\(type.apiVersion) \(kind) is deprecated"
        }
        return type
    }
}
