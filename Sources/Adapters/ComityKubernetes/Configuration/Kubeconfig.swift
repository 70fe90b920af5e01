// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// What one or more kubeconfig files say together: the first file that names something wins.
struct Kubeconfig {
    /// A part of a file, and the folder that relative paths in it start from.
    struct Part {
        let content: JSONValue
        let folder: String
    }

    private static let maximumBytes = 4 << 20

    private(set) var currentContext = ""
    private(set) var clusters: [String: Part] = [:]
    private(set) var users: [String: Part] = [:]
    private(set) var contexts: [String: Part] = [:]

    /// Reads files; those that are not there are left out while another one is.
    init(paths: [String]) throws(KubernetesError) {
        var failure: KubernetesError?
        var count = 0
        for path in paths {
            let bytes: [UInt8]
            do throws(KubernetesError) {
                bytes = try BoundedFile.read(path, atMost: Self.maximumBytes, name: "the kubeconfig")
            } catch {
                failure = failure ?? error
                continue
            }
            count += 1
            try add(bytes, path: path)
        }
        if count == 0, let failure { throw failure }
    }

    private mutating func add(_ bytes: [UInt8], path: String) throws(KubernetesError) {
        let documents: [JSONValue]
        do throws(KubernetesError) {
            guard let text = String(validating: bytes, as: UTF8.self) else { throw YAML.failure("it is not UTF-8") }
            documents = try YAML.documents(text, maximumBytes: Self.maximumBytes)
        } catch {
            throw YAML.failure("kubeconfig \(path): \(error.message)")
        }
        guard documents.count <= 1 else { throw YAML.failure("kubeconfig \(path) has more than one document") }
        guard let document = documents.first else { return }
        guard document.object != nil else { throw YAML.failure("kubeconfig \(path) is no mapping") }
        let folder = path.contains("/") ? String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) : "."
        if currentContext.isEmpty { currentContext = document["current-context"]?.string ?? "" }
        Self.merge(document["clusters"], "cluster", folder, into: &clusters)
        Self.merge(document["users"], "user", folder, into: &users)
        Self.merge(document["contexts"], "context", folder, into: &contexts)
    }

    private static func merge(_ list: JSONValue?, _ member: String, _ folder: String, into parts: inout [String: Part])
    {
        for item in list?.array ?? [] {
            guard let name = item["name"]?.string, parts[name] == nil else { continue }
            parts[name] = Part(content: item[member] ?? .object(JSONObject()), folder: folder)
        }
    }
}

extension Kubeconfig.Part {
    /// A text that is there and not empty.
    subscript(name: String) -> String? {
        content[name]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A path as seen from the file that names it.
    func path(_ name: String) -> String? {
        self[name].map { $0.hasPrefix("/") ? $0 : "\(folder)/\($0)" }
    }

    /// PEM that stands in the file in base64, or in a file of its own.
    func pem(_ name: String) throws(KubernetesError) -> PEMSource? {
        if let data = self["\(name)-data"] {
            guard let bytes = Base64.standard.decode(data.filter { !$0.isWhitespace }) else {
                throw YAML.failure("kubeconfig: \(name)-data is not base64")
            }
            return .text(bytes)
        }
        return path(name).map { .file($0) }
    }
}
