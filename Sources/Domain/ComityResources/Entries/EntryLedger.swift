// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// Who declares which entries and which the server has, kept from pass to pass, so that a change costs what it touches
/// and not what there is.
package struct EntryLedger: Sendable {
    private struct Declaration: Sendable {
        var source: EntrySource
        var declared: DeclaredEntry
    }

    private enum Standing {
        case set, masked, failed, awaited
    }

    /// All that is the same entry.
    private struct Slot: Sendable {
        var current: [Entry] = []
        var declarations: [Declaration] = []
        /// Why the server does not have what is declared.
        var failure: String?
        /// What this slot adds to the tallies.
        var counted: [(owner: EntryOwner, standing: Standing)] = []

        var isEmpty: Bool { current.isEmpty && declarations.isEmpty }
    }

    private let planner: EntryPlanner
    private var attachable: Set<TrustDomain>?
    private var slots: [EntryKey: Slot] = [:]
    private var keysByEntry: [String: EntryKey] = [:]
    private var keysBySource: [EntrySource: [EntryKey]] = [:]
    /// Slots that the next plan looks at.
    private var changed: Set<EntryKey> = []
    /// Those of the plan that is being carried out.
    private var planned: Set<EntryKey> = []
    /// Those that are to be tried again some time.
    private var postponed: Set<EntryKey> = []
    private var failing: Set<EntryKey> = []
    package private(set) var tallies: [EntryOwner: EntryTally] = [:]

    package init(_ planner: EntryPlanner) {
        self.planner = planner
    }

    // MARK: - What is declared

    /// All sources that declare something.
    package var sources: some Collection<EntrySource> { keysBySource.keys }

    /// What a source declares from now on, in place of what it declared before.
    package mutating func declare(_ entries: [DeclaredEntry], by source: EntrySource) {
        for key in keysBySource.removeValue(forKey: source) ?? [] {
            change(key) { $0.declarations.removeAll { $0.source == source } }
        }
        guard !entries.isEmpty else { return }
        var keys: [EntryKey] = []
        for entry in entries {
            let key = EntryKey(entry.entry)
            change(key) { $0.declarations.append(Declaration(source: source, declared: entry)) }
            keys.append(key)
        }
        keysBySource[source] = keys
    }

    // MARK: - What the server has

    /// The IDs of the entries that the server has.
    package var entryIDs: some Collection<String> { keysByEntry.keys }

    package var current: some Sequence<Entry> { slots.values.lazy.flatMap(\.current) }

    /// The IDs of entries that are just as somebody declares them.
    package var matchingIDs: [String] {
        slots.values.compactMap { slot in
            guard let wanted = Self.chosen(slot).map({ effective($0.declared).entry }) else { return nil }
            return slot.current.first { EntryPlanner.hasSameAttributes($0, wanted) }?.id
        }
    }

    /// What the server has now, all of it.
    package mutating func listed(_ entries: [Entry]) {
        var gone = Set(keysByEntry.keys)
        for entry in entries {
            gone.remove(entry.id)
            listed(entry)
        }
        for id in gone { listed(gone: id) }
    }

    /// One entry as the server has it now.
    package mutating func listed(_ entry: Entry) {
        let key = EntryKey(entry)
        let known = keysByEntry[entry.id]
        if known == key, slots[key]?.current.contains(entry) ?? false { return }
        store(entry)
        if let known { changed.insert(known) }
        changed.insert(key)
    }

    /// An entry that the server has no more.
    package mutating func listed(gone id: String) {
        if let key = drop(id) { changed.insert(key) }
    }

    /// Compares with all that the server has.
    ///
    /// - Returns: The IDs of entries that are new or changed; those that are gone are taken in.
    package mutating func listed(versions: [EntryVersion]) -> [String] {
        var gone = Set(keysByEntry.keys)
        var changed: [String] = []
        for version in versions {
            gone.remove(version.id)
            let known = keysByEntry[version.id].flatMap { slots[$0]?.current.first { $0.id == version.id } }
            if known.map(EntryVersion.init) != version { changed.append(version.id) }
        }
        for id in gone { listed(gone: id) }
        return changed
    }

    /// Which foreign bundles entries may name; `nil` when the server takes entries whose bundles are still to come.
    package mutating func attach(only bundles: Set<TrustDomain>?) {
        guard bundles != attachable else { return }
        attachable = bundles
        lookAtAll()
    }

    /// Everything is looked at anew, since it is another question now what is ours.
    package mutating func lookAtAll() {
        changed.formUnion(slots.keys)
    }

    /// What failed or was withheld is tried again.
    package mutating func retry() {
        changed.formUnion(postponed)
        postponed = []
    }

    // MARK: - Plan

    /// What is to be done about all that changed. Carry it out, say what came of it, then ``finish()``.
    package mutating func plan(_ circumstances: EntryPlanner.Circumstances) -> EntryPlan {
        // What the last plan did not come to is of this one.
        planned.formUnion(changed)
        changed = []
        var (declared, current): ([DeclaredEntry], [Entry]) = ([], [])
        var mayDelete = false
        for key in planned {
            guard let slot = slots[key] else { continue }
            declared += slot.declarations.map { effective($0.declared) }
            current += slot.current
            if slot.declarations.isEmpty, !slot.current.isEmpty { mayDelete = true }
        }
        var circumstances = circumstances
        circumstances.ownCount =
            mayDelete ? self.current.reduce(0) { $0 + (planner.isOurs($1, circumstances) ? 1 : 0) } : 0
        let plan = planner.plan(declared: declared, current: current, circumstances)
        postponed.formUnion(plan.withheld.map(EntryKey.init))
        for taken in plan.taken where !EntryPlanner.hasSameAttributes(taken.current, taken.declared.entry) {
            failed(
                taken.declared.entry,
                "entry \(taken.current.id), which this controller did not make, is for the same pod or workload and "
                    + "differs: delete it, or set deletesForeign to let the controller change it")
        }
        return plan
    }

    /// The server has made or changed it.
    package mutating func done(_ entry: Entry) {
        let key = EntryKey(entry)
        store(entry)
        postponed.remove(key)
        failing.remove(key)
        slots[key]?.failure = nil
    }

    /// The server has it no more.
    package mutating func deleted(_ id: String) {
        if let key = drop(id) { postponed.remove(key) }
    }

    /// It will be tried again after ``retry()``.
    ///
    /// - Returns: Whether this is news.
    @discardableResult
    package mutating func failed(_ entry: Entry, _ reason: String) -> Bool {
        let key = EntryKey(entry)
        let isNews = slots[key]?.failure != reason
        slots[key]?.failure = reason
        failing.insert(key)
        postponed.insert(key)
        return isNews
    }

    /// What of the plan may not be reached: it is looked at again, unless it is ``done(_:)`` or ``deleted(_:)``.
    package mutating func kept(_ entry: Entry) {
        postponed.insert(EntryKey(entry))
    }

    /// Counts how everything stands now that the plan was carried out.
    package mutating func finish() {
        for key in planned { count(key) }
        planned = []
    }

    /// Why entries of a resource are not there: at most as many as are asked for.
    package func failures(of owner: EntryOwner, atMost count: Int) -> [(source: EntrySource, reason: String)] {
        var failures: [(source: EntrySource, reason: String)] = []
        for key in failing {
            guard let slot = slots[key], let reason = slot.failure, let chosen = Self.chosen(slot),
                chosen.source.owner(named: chosen.declared.owner.name) == owner
            else { continue }
            failures.append((chosen.source, reason))
            if failures.count == count { break }
        }
        return failures
    }

    /// How the one entry of a source stands; `nil` while nothing is known of it yet.
    package func standing(of source: EntrySource) -> ClusterStaticEntryStatus.Standing? {
        guard let key = keysBySource[source]?.first, let slot = slots[key], let chosen = Self.chosen(slot) else {
            return nil
        }
        if chosen.source != source { return .masked(by: chosen.declared.owner.name) }
        return isSet(slot, as: chosen) ? .set : slot.failure.map { .failed($0) }
    }

    // MARK: - Parts

    private mutating func change(_ key: EntryKey, _ body: (inout Slot) -> Void) {
        body(&slots[key, default: Slot()])
        changed.insert(key)
    }

    private mutating func store(_ entry: Entry) {
        let key = EntryKey(entry)
        if let known = keysByEntry[entry.id], known != key { _ = drop(entry.id) }
        slots[key, default: Slot()].current.removeAll { $0.id == entry.id }
        slots[key, default: Slot()].current.append(entry)
        keysByEntry[entry.id] = key
    }

    private mutating func drop(_ id: String) -> EntryKey? {
        guard let key = keysByEntry.removeValue(forKey: id) else { return nil }
        slots[key]?.current.removeAll { $0.id == id }
        return key
    }

    private static func chosen(_ slot: Slot) -> Declaration? {
        slot.declarations.min { $0.declared.owner.precedes($1.declared.owner) }
    }

    private mutating func count(_ key: EntryKey) {
        guard var slot = slots[key] else { return }
        for (owner, standing) in slot.counted { add(-1, standing, to: owner) }
        slot.counted = []
        if let chosen = Self.chosen(slot) {
            let isSet = isSet(slot, as: chosen)
            if isSet { slot.failure = nil }
            for declaration in slot.declarations {
                let isChosen = declaration.source == chosen.source && declaration.declared == chosen.declared
                let standing: Standing =
                    !isChosen ? .masked : isSet ? .set : slot.failure == nil ? .awaited : .failed
                slot.counted.append((declaration.source.owner(named: declaration.declared.owner.name), standing))
            }
        } else {
            slot.failure = nil
        }
        if slot.failure == nil { failing.remove(key) }
        for (owner, standing) in slot.counted { add(1, standing, to: owner) }
        slots[key] = slot.isEmpty ? nil : slot
    }

    private func isSet(_ slot: Slot, as chosen: Declaration) -> Bool {
        let wanted = effective(chosen.declared).entry
        return slot.current.contains { EntryPlanner.hasSameAttributes($0, wanted) }
    }

    /// What is declared, without what the server would refuse now.
    private func effective(_ declared: DeclaredEntry) -> DeclaredEntry {
        guard let attachable, !declared.entry.federatesWith.isSubset(of: attachable) else { return declared }
        var declared = declared
        declared.entry.federatesWith.formIntersection(attachable)
        return declared
    }

    private mutating func add(_ amount: Int, _ standing: Standing, to owner: EntryOwner) {
        var tally = tallies[owner] ?? EntryTally()
        switch standing {
        case .masked: tally.masked += amount
        case .set:
            tally.wanted += amount
            tally.set += amount
        case .failed:
            tally.wanted += amount
            tally.failed += amount
        case .awaited: tally.wanted += amount
        }
        tallies[owner] = tally.isEmpty ? nil : tally
    }
}
