// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityServer
import ComityStorage
import Foundation
import SPIFFE

/// A plan for people.
enum AdoptionText {
    private static let width = 26

    static func of(_ plan: AdoptionPlan) -> String {
        let content = plan.content
        let version = plan.source.codeVersion.isEmpty ? "" : ", SPIRE \(plan.source.codeVersion)"
        let lines = [
            "Found in \"\(plan.source.name)\" (schema \(plan.source.schemaVersion)\(version)):\n\n",
            line("Trust domain", plan.trustDomain.name),
            authorities("X.509 authorities", content.journal.x509),
            authorities("JWT authorities", content.journal.jwt),
            line("Bundles", count(content.bundles.count, of: plan.source.bundles.count)),
            line("Federation relationships", count(content.relationships.count, of: plan.source.relationships.count)),
            line("Registration entries", count(content.entries.count, of: plan.source.entries.count)),
            line("Agents", count(content.nodes.count, of: plan.source.nodes.count)),
            line("Join tokens", count(content.joinTokens.count, of: plan.source.joinTokens.count)),
        ]
        return lines.joined() + list("Left behind, and needed by nobody", plan.leftBehind)
            + list("Cannot be taken", plan.losses) + list("In the way", plan.faults)
    }

    /// Those that sign or will; and how many went before.
    private static func authorities(_ label: String, _ records: [AuthorityRecord]) -> String {
        let living = records.filter { $0.status != .old }.map { record in
            line(
                label,
                """
                \(record.authorityID) (\(record.status.rawValue.lowercased()), ends \
                \(GoTime.rfc3339(Int64(record.expiresAt.timeIntervalSince1970))))
                """)
        }
        return living.joined() + line(label, "\(records.count - living.count) old")
    }

    private static func count(_ taken: Int, of all: Int) -> String {
        taken == all ? "\(all)" : "\(taken) of \(all)"
    }

    private static func list(_ title: String, _ items: [String]) -> String {
        items.isEmpty ? "" : "\n\(title):\n" + items.map { "  \($0)\n" }.joined()
    }

    private static func line(_ label: String, _ value: String) -> String {
        "\(label.padded(to: width)): \(value)\n"
    }
}
