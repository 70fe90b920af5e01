// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import Foundation
import SPIFFE
import Testing

/// The schema of one custom resource, as `Deploy/Kubernetes/crds` defines it.
struct CustomResourceSchema {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Deploy/Kubernetes/crds").standardized

    private let schema: JSONValue

    init(_ plural: String) throws {
        let text = try String(contentsOf: Self.folder.appending(path: "\(plural).yaml"), encoding: .utf8)
        let definition = try #require(try YAML.documents(text, maximumBytes: 1 << 20).first)
        let version = try #require(definition["spec"]?["versions"]?.array?.first)
        schema = try #require(version["schema"]?["openAPIV3Schema"])
    }

    /// The names right below a part, such as `spec`.
    func names(in part: String) -> Set<String> {
        Set(schema["properties"]?[part]?["properties"]?.object?.names ?? [])
    }

    /// Every field of a part, below lists too, by its path.
    func paths(in part: String) -> Set<String> {
        schema["properties"]?[part].map { Self.paths($0, part) } ?? []
    }

    /// The same of a value.
    static func paths(of value: JSONValue, at path: String) -> Set<String> {
        var paths: Set<String> = []
        for member in value.object?.members ?? [] {
            let inner = "\(path).\(member.name)"
            paths.formUnion(Self.paths(of: member.value, at: inner).union([inner]))
        }
        for item in value.array ?? [] { paths.formUnion(Self.paths(of: item, at: path)) }
        return paths
    }

    private static func paths(_ schema: JSONValue, _ path: String) -> Set<String> {
        if let items = schema["items"] { return paths(items, path) }
        var paths: Set<String> = []
        for member in schema["properties"]?.object?.members ?? [] {
            let inner = "\(path).\(member.name)"
            paths.formUnion(Self.paths(member.value, inner).union([inner]))
        }
        return paths
    }
}
