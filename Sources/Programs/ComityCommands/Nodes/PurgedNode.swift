// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import ServerAPIProtos

/// What became of an agent that was to be purged.
struct PurgedNode {
    var id: Spire_Api_Types_SPIFFEID
    var isDeleted = false
    /// `nil` unless it could not be deleted.
    var error: String?

    var json: JSONValue {
        .message([
            "agent_id": .string(id.text), "deleted": .bool(isDeleted), "error": error.map { .string($0) },
        ])
    }

    static func text(of nodes: [PurgedNode], isDryRun: Bool) -> String {
        guard !nodes.isEmpty else { return "No agents to purge.\n" }
        let found = "Found \(GoText.count(nodes.count, "expired agent", "expired agents"))\n"
        if isDryRun { return found + section("Agents that can be purged", nodes) }
        return found + section("Agents purged", nodes.filter(\.isDeleted))
            + section("Agents not purged", nodes.filter { !$0.isDeleted })
    }

    private static func section(_ title: String, _ nodes: [PurgedNode]) -> String {
        guard !nodes.isEmpty else { return "" }
        return "\n\(title):\n"
            + nodes.map { node in
                "SPIFFE ID         : \(node.id.text)\n" + (node.error.map { "Error             : \($0)\n" } ?? "")
            }.joined()
    }
}
