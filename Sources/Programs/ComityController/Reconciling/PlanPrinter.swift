// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
package import ComityResources
import SPIFFE

/// Writes plans for people, line by line, in place of carrying them out.
package struct PlanPrinter: Sendable {
    private let write: @Sendable (String) -> Void

    package init(_ write: @escaping @Sendable (String) -> Void) {
        self.write = write
    }

    package func print(_ plan: EntryPlan) {
        for entry in plan.deletes { write("delete entry \(Self.text(entry))") }
        for declared in plan.creates { write("create entry \(Self.text(declared.entry)) for \(declared.owner.name)") }
        for update in plan.updates {
            write("update entry \(Self.text(update.current)) for \(update.declared.owner.name)")
        }
        for declared in plan.masked { write("mask entry \(Self.text(declared.entry)) of \(declared.owner.name)") }
        for entry in plan.withheld { write("keep entry \(Self.text(entry))\(Self.reason(plan.withholding))") }
        let (changes, kept) = (plan.creates.count + plan.updates.count + plan.deletes.count, plan.unchanged.count)
        write("entries: \(changes) to change, \(kept + plan.taken.count) as they should be")
    }

    package func print(_ plan: FederationPlan) {
        for trustDomain in plan.deletes { write("delete federation relationship \(trustDomain)") }
        for change in plan.creates { write("create federation relationship \(Self.text(change))") }
        for change in plan.updates { write("update federation relationship \(Self.text(change))") }
        for bundle in plan.bundles { write("set bundle of \(bundle.trustDomain)") }
        for trustDomain in plan.dissolves { write("delete bundle of \(trustDomain)") }
        for (name, conflict) in plan.conflicts.sorted(by: { $0.key < $1.key }) {
            write("pass over ClusterFederatedTrustDomain \(name): \(conflict)")
        }
        for trustDomain in plan.withheld {
            write("keep federation relationship \(trustDomain)\(Self.reason(plan.withholding))")
        }
        let changes =
            plan.creates.count + plan.updates.count + plan.deletes.count + plan.bundles.count + plan.dissolves.count
        write("federation relationships: \(changes) to change")
    }

    private static func text(_ entry: Entry) -> String {
        let selectors = entry.selectors.sorted().map { "\($0)" }.joined(separator: ",")
        let id = entry.id.isEmpty ? "" : "\(entry.id) "
        return "\(id)\(entry.spiffeID) parent \(entry.parentID) selectors \(selectors)"
    }

    private static func text(_ change: FederationPlan.Change) -> String {
        let relationship = change.relationship
        let bundle = change.bundle == nil ? "" : " with a bundle"
        return "\(relationship.trustDomain) \(relationship.bundleEndpointURL) \(relationship.profile.name)\(bundle)"
    }

    private static func reason(_ withholding: EntryPlan.Withholding?) -> String {
        withholding.map { ": \($0.explanation)" } ?? ""
    }
}
