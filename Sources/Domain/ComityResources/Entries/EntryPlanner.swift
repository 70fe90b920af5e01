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
        /// Pods of which it cannot be told now what they should get: their entries stay.
        package var undecidedPods: Set<String> = []
        /// The same for entries that are of no pod.
        package var keepsOtherEntries = false
        /// How many of all entries are ours, when the list is only a part of them.
        package var ownCount: Int?

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
        let others = Dictionary(
            grouping: current.filter { !isOurs($0, circumstances) && !isToCleanUp($0) }, by: EntryKey.init)
        let wanted = Dictionary(grouping: declared) { EntryKey($0.entry) }
        for (key, candidates) in Self.inOrder(wanted) {
            let candidates = candidates.sorted { $0.owner.precedes($1.owner) }
            guard let chosen = candidates.first else { continue }
            plan.masked += candidates.dropFirst()
            var matching = (present.removeValue(forKey: key) ?? []).sorted { $0.id < $1.id }
            guard !matching.isEmpty else {
                if let other = others[key]?.min(by: { $0.id < $1.id }) {
                    plan.taken.append(EntryPlan.Update(current: other, declared: chosen))
                } else {
                    plan.creates.append(chosen)
                }
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
        keepUndecided(&plan, circumstances)
        limit(&plan, ours: circumstances.ownCount ?? current.count { isOurs($0, circumstances) }, circumstances) {
            wanted[EntryKey($0)] != nil
        }
        return plan
    }

    /// Whether an entry that this controller did not make is plainly one of a controller of this cluster: made for a pod
    /// on one of its nodes. Such entries are taken over at the first run.
    package func isAdoptable(_ entry: Entry) -> Bool {
        entry.parentID.path.hasPrefix("/spire/agent/k8s_psat/\(clusterName)/")
            && entry.selectors.contains { $0.type == "k8s" && $0.value.hasPrefix("pod-uid:") }
    }

    // MARK: - Conditions

    func isOurs(_ entry: Entry, _ circumstances: Circumstances) -> Bool {
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

    /// Whether an entry gives what another one asks for, both having the same key.
    package static func hasSameAttributes(_ current: Entry, _ wanted: Entry) -> Bool {
        current.x509SVIDTTL == wanted.x509SVIDTTL && current.jwtSVIDTTL == wanted.jwtSVIDTTL
            && current.federatesWith == wanted.federatesWith && current.isAdmin == wanted.isAdmin
            && current.isDownstream == wanted.isDownstream && Set(current.dnsNames) == Set(wanted.dnsNames)
            && current.hint == wanted.hint && current.storesSVID == wanted.storesSVID
    }

    /// A plan is the same however the lists are ordered.
    private static func inOrder(
        _ wanted: [EntryKey: [DeclaredEntry]]
    ) -> [(key: EntryKey, candidates: [DeclaredEntry])] {
        func text(_ candidates: [DeclaredEntry]) -> String {
            guard let entry = candidates.first?.entry else { return "" }
            let selectors = entry.selectors.map { "\($0.type):\($0.value)" }.sorted().joined(separator: " ")
            return "\(entry.spiffeID.uri) \(entry.parentID.uri) \(selectors)"
        }
        return wanted.map { (text: text($0.value), key: $0.key, candidates: $0.value) }.sorted { $0.text < $1.text }
            .map { ($0.key, $0.candidates) }
    }

    private func keepUndecided(_ plan: inout EntryPlan, _ circumstances: Circumstances) {
        let undecided = plan.deletes.filter { entry in
            entry.podUID.map(circumstances.undecidedPods.contains) ?? circumstances.keepsOtherEntries
        }
        guard !undecided.isEmpty else { return }
        let ids = Set(undecided.map(\.id))
        plan.deletes.removeAll { ids.contains($0.id) }
        plan.withheld = undecided
        plan.withholding = .undecided
    }

    /// - Parameter isReplaced: Whether the entry is declared and comes again: nobody loses anything.
    private func limit(
        _ plan: inout EntryPlan, ours: Int, _ circumstances: Circumstances, isReplaced: (Entry) -> Bool
    ) {
        guard !plan.deletes.isEmpty else { return }
        guard circumstances.hasReadAll else {
            plan.withheld += plan.deletes
            plan.deletes = []
            plan.withholding = .incompleteRead
            return
        }
        let allowed = max(alwaysDeletable, Int(Double(ours) * maximumDeletedShare))
        let lost = plan.deletes.filter { !isReplaced($0) }
        guard lost.count > allowed, !circumstances.ignoresDeletionLimit else { return }
        plan.withheld += lost
        plan.deletes.removeAll { !isReplaced($0) }
        plan.withholding = .tooMany(allowed: allowed)
    }
}
