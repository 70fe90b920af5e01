// SPDX-License-Identifier: Apache-2.0

/// Every type that the API serves at one moment.
struct TypeCatalog: Sendable {
    let types: [APIType]
    private let byPath: [String: APIType]

    init(_ types: [APIType]) {
        self.types = types
        byPath = Dictionary(
            types.map { (Self.key($0.group, $0.version, $0.plural), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The type whose objects a path names.
    func type(at path: ResourcePath) -> APIType? {
        byPath[Self.key(path.group, path.version, path.plural)]
    }

    /// The groups in the order in which they are told, each with its versions; the core group is the first.
    var groups: [(name: String, versions: [String])] {
        var groups: [(name: String, versions: [String])] = []
        for type in types {
            if let index = groups.firstIndex(where: { $0.name == type.group }) {
                if !groups[index].versions.contains(type.version) { groups[index].versions.append(type.version) }
            } else {
                groups.append((type.group, [type.version]))
            }
        }
        return groups
    }

    func types(_ group: String, _ version: String) -> [APIType] {
        types.filter { $0.group == group && $0.version == version }
    }

    private static func key(_ group: String, _ version: String, _ plural: String) -> String {
        "\(group)/\(version)/\(plural)"
    }
}
