// SPDX-License-Identifier: Apache-2.0

public import SPIFFE
import Yams

/// YAML as Kubernetes reads and writes it: JSON values in another dress.
public enum YAML {
    /// The most values that all documents of a text may have together, aliases followed.
    static let maximumValues = 1_000_000

    /// Reads all documents of a text; empty ones are left out.
    ///
    /// Plain scalars are read as kubectl reads them (`yes` is true, `0644` is 420); dates stay texts. Anchors, aliases and
    /// merge keys are followed.
    ///
    /// - Parameter maximumBytes: The longest text that is read, in bytes of UTF-8.
    /// - Throws: ``KubernetesError`` with a line, without any part of the text, which may hold secrets.
    public static func documents(_ text: String, maximumBytes: Int) throws(KubernetesError) -> [JSONValue] {
        guard text.utf8.count <= maximumBytes else {
            throw failure("YAML has \(text.utf8.count) bytes, more than \(maximumBytes)")
        }
        let nodes: [Node]
        do {
            nodes = try compose(text)
        } catch {
            throw YAMLFault.error(error)
        }
        var reader = YAMLReader(remaining: maximumValues)
        var documents: [JSONValue] = []
        for node in nodes {
            let value = try reader.value(of: node, depth: 0)
            if value != .null { documents.append(value) }
        }
        return documents
    }

    /// Writes one document in block style, with the members in their order; texts of several lines stay readable.
    public static func text(_ value: JSONValue) -> String {
        // What a JSON value holds can always be written.
        (try? serialize(node: YAMLWriter.node(of: value), indent: 2, width: -1, allowUnicode: true)) ?? ""
    }

    static func failure(_ message: String) -> KubernetesError {
        KubernetesError(status: nil, reason: KubernetesError.Reason.configuration, message)
    }

    private static func compose(_ text: String) throws -> [Node] {
        let parser = try Parser(yaml: text)
        var nodes: [Node] = []
        while let node = try parser.nextRoot() { nodes.append(node) }
        return nodes
    }
}
