// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import ComityKubernetes
import FoundationEssentials
import SPIFFE

/// A folder whose manifests take the place of a cluster: every file that ends in `.yaml` and lies directly in it.
struct ManifestFolder: Sendable {
    /// One object, or why there is none.
    struct Item: Sendable {
        var file: String
        var content: Result<JSONValue, ControllerError>
    }

    struct Content: Sendable {
        var items: [Item] = []
        /// Files that look like manifests and are not read.
        var passedOver: [String] = []
    }

    /// A bundle of the largest size with room for the rest.
    private static let maximumBytes = 4 << 20
    private static let maximumFiles = 10_000

    let path: String
    /// What `$NAME` in manifests stands for; `nil` when they are taken as they are.
    let environment: [String: String]?

    /// - Throws: ``ControllerError`` with code `folder` when nothing can be said of any file.
    func read() throws(ControllerError) -> Content {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        } catch {
            throw ControllerError(
                .folder, "folder of manifests \(path.quoted) cannot be read; check staticManifestPath", cause: error)
        }
        guard names.count <= Self.maximumFiles else {
            throw ControllerError(
                .folder, "folder of manifests \(path.quoted) has more than \(Self.maximumFiles) files")
        }
        var content = Content()
        for name in names {
            if name.hasSuffix(".yaml") {
                content.items += read(file: name)
            } else if name.hasSuffix(".yml") || name.hasSuffix(".json") {
                content.passedOver.append(name)
            }
        }
        return content
    }

    private func read(file name: String) -> [Item] {
        do throws(ControllerError) {
            return try documents(of: name).map { Item(file: name, content: .success($0)) }
        } catch {
            return [Item(file: name, content: .failure(error))]
        }
    }

    private func documents(of name: String) throws(ControllerError) -> [JSONValue] {
        let file = "\(path)/\(name)"
        // Kubernetes mounts files by links that are exchanged all at once, so what is read is whole.
        guard let handle = FileManager.default.contents(atPath: file) else {
            throw ControllerError(.folder, "cannot be read: check that it is a file and who may read it")
        }
        guard handle.count <= Self.maximumBytes else {
            throw ControllerError(.folder, "is larger than \(Self.maximumBytes) bytes")
        }
        guard var text = String(validating: handle, as: UTF8.self) else {
            throw ControllerError(.folder, "is not UTF-8")
        }
        if let environment { text = EnvironmentExpansion.expand(text, environment) }
        do throws(KubernetesError) {
            return try YAML.documents(text, maximumBytes: text.utf8.count).filter { $0 != .null }
        } catch {
            throw ControllerError(.folder, "is no YAML: \(error.message)")
        }
    }
}
