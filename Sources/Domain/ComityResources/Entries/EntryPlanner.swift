// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import SPIFFE

/// Compares the entries that custom resources declare with those that the server has.
package struct EntryPlanner: Hashable, Sendable {
    /// What is known besides the two lists.
    package struct Circumstances: Hashable, Sendable {
        /// IDs of the entries that this controller made or took over.
        package var owned: Set<String> = []
        /// Every object was read that could declare an entry.
        package var hasReadAll = true
        /// The operator lets any number be deleted this time.
        package var ignoresDeletionLimit = false

        package init() {}
    }

    /// IDs of new entries begin with it; empty when the server chooses them.
    package let idPrefix: String
    /// Entries with this prefix, or without any when it is empty, are ours to delete only.
    package var cleanupPrefix: String?
    /// Whoever made them: undeclared entries go, as the upstream controller has it when there is no prefix.
    package var deletesForeignEntries = false
    package var clusterName: String
    /// Of our entries, at most this share goes at once; this many may in any case.
    package var maximumDeletedShare = 0.5
    package var alwaysDeletable = 20

    /// - Parameter idPrefix: A dot is added unless it ends with one.
    package init(clusterName: String, idPrefix: String = "") {
        self.clusterName = clusterName
        self.idPrefix = idPrefix.isEmpty || idPrefix.hasSuffix(".") ? idPrefix : idPrefix + "."
    }

    package func plan(
        declared: [DeclaredEntry], current: [Entry], _ circumstances: Circumstances = Circumstances()
    ) -> EntryPlan {
        var plan = EntryPlan()
        var present = Dictionary(grouping: current.filter { isOurs($0, circumstances) }, by: EntryKey.init)
        let wanted = Dictionary(grouping: declared) { EntryKey($0.entry) }
        for key in wanted.keys.sorted(by: { Self.order(wanted[$0], wanted[$1]) }) {
            let candidates = (wanted[key] ?? []).sorted { $0.owner.precedes($1.owner) }
            guard let chosen = candidates.first else { continue }
            plan.masked += candidates.dropFirst()
            var matching = (present.removeValue(forKey: key) ?? []).sorted { $0.id < $1.id }
            guard !matching.isEmpty else {
                plan.creates.append(chosen)
                continue
            }
            let kept = matching.removeFirst()
            let update = EntryPlan.Update(current: kept, declared: chosen)
            if Self.hasSameAttributes(kept, chosen.entry) {
                plan.unchanged.append(update)
            } else {
                plan.updates.append(update)
            }
            // The same entry twice: one is enough.
            plan.deletes += matching
        }
        plan.deletes += present.values.joined()
        plan.deletes += current.filter { isToCleanUp($0) && !isOurs($0, circumstances) }
        plan.deletes.sort { $0.id < $1.id }
        limit(&plan, ours: current.count { isOurs($0, circumstances) }, circumstances)
        return plan
    }

    /// Whether an entry that this controller did not make is plainly one of a controller of this cluster: made for a pod
    /// on one of its nodes. Such entries are taken over at the first run.
    package func isAdoptable(_ entry: Entry) -> Bool {
        entry.parentID.path.hasPrefix("/spire/agent/k8s_psat/\(clusterName)/")
            && entry.selectors.contains { $0.type == "k8s" && $0.value.hasPrefix("pod-uid:") }
    }

    // MARK: - Conditions

    private func isOurs(_ entry: Entry, _ circumstances: Circumstances) -> Bool {
        guard idPrefix.isEmpty else { return entry.id.hasPrefix(idPrefix) }
        guard !Self.isOfJoinToken(entry) else { return false }
        return deletesForeignEntries || circumstances.owned.contains(entry.id)
    }

    private func isToCleanUp(_ entry: Entry) -> Bool {
        guard let cleanupPrefix, !Self.isOfJoinToken(entry) else { return false }
        return cleanupPrefix.isEmpty ? !entry.id.contains(".") : entry.id.hasPrefix(cleanupPrefix)
    }

    /// The alias that a join token made.
    private static func isOfJoinToken(_ entry: Entry) -> Bool {
        entry.parentID.path.hasPrefix("/spire/agent/join_token/")
            && entry.selectors.contains { $0.type == "spiffe_id" }
    }

    private static func hasSameAttributes(_ current: Entry, _ wanted: Entry) -> Bool {
        current.x509SVIDTTL == wanted.x509SVIDTTL && current.jwtSVIDTTL == wanted.jwtSVIDTTL
            && current.federatesWith == wanted.federatesWith && current.isAdmin == wanted.isAdmin
            && current.isDownstream == wanted.isDownstream && Set(current.dnsNames) == Set(wanted.dnsNames)
            && current.hint == wanted.hint && current.storesSVID == wanted.storesSVID
    }

    /// A plan is the same however the lists are ordered.
    private static func order(_ left: [DeclaredEntry]?, _ right: [DeclaredEntry]?) -> Bool {
        func text(_ entries: [DeclaredEntry]?) -> String {
            guard let entry = entries?.first?.entry else { return "" }
            let selectors = entry.selectors.map { "\($0.type):\($0.value)" }.sorted().joined(separator: " ")
            return "\(entry.spiffeID.uri) \(entry.parentID.uri) \(selectors)"
        }
        return text(left) < text(right)
    }

    private func limit(_ plan: inout EntryPlan, ours: Int, _ circumstances: Circumstances) {
        guard !plan.deletes.isEmpty else { return }
        let allowed = max(alwaysDeletable, Int(Double(ours) * maximumDeletedShare))
        if !circumstances.hasReadAll {
            plan.withholding = .incompleteRead
        } else if plan.deletes.count > allowed, !circumstances.ignoresDeletionLimit {
            plan.withholding = .tooMany(allowed: allowed)
        } else {
            return
        }
        (plan.withheld, plan.deletes) = (plan.deletes, [])
    }
}
