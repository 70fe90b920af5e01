// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// The rule that rotates one kind of authority.
///
/// Every change goes through the same steps in the same order: make the key, publish it, write the journal; only then
/// is it used. A crash between any two leaves a journal that still names the authority that signed before. The driver
/// performs each ``Action`` and reports it; an action that failed is handed out again by the next ``check(now:)``.
package struct AuthorityRotation: Sendable {
    package enum Action: Hashable, Sendable {
        /// Make a key, replacing the one in the slot, and report with ``keyGenerated(_:)``.
        case generateKey(AuthoritySlot)
        /// Add to the bundle of the trust domain and report with ``published()``.
        case publish(AuthorityRecord)
        /// Write and report with ``journalWritten()``.
        case writeJournal([AuthorityRecord])
    }

    package enum Change: Hashable, Sendable {
        case prepared(AuthorityRecord)
        /// - Parameter isNew: it was not prepared before, because nothing else could sign.
        case activated(AuthorityRecord, isNew: Bool)
    }

    /// A journal keeps no more than this of authorities that are long gone from the bundle.
    package static let journalLimit = 10
    /// A journal never keeps more than this.
    package static let longestJournal = 100
    /// How many seconds after its end an authority is taken out of the bundle: clocks of consumers may run behind.
    package static let bundleGrace: TimeInterval = 86400

    package let schedule: RotationSchedule
    /// Oldest first, as last written.
    package private(set) var journal: [AuthorityRecord]
    /// The one that signs.
    package private(set) var current: AuthorityRecord?
    /// Its successor while prepared, its predecessor while old.
    package private(set) var next: AuthorityRecord?
    private var step = Step.none

    private enum Step: Sendable {
        case none
        case generating(AuthoritySlot, activates: Bool)
        case publishing(AuthorityRecord, activates: Bool)
        case journalling(Outcome)
    }

    fileprivate struct Outcome: Sendable {
        var journal: [AuthorityRecord]
        var current: AuthorityRecord?
        var next: AuthorityRecord?
        var change: Change
    }

    /// Takes up what a journal says, as far as it is still usable.
    package init(
        schedule: RotationSchedule, journal: [AuthorityRecord] = [], isUsable: (AuthorityRecord) -> Bool = { _ in true }
    ) {
        self.schedule = schedule
        self.journal = journal
        let usable = journal.filter(isUsable)
        let active = usable.last { $0.status == .active }
        current = active
        next = usable.last { $0.slot != active?.slot && $0.status != .active }
    }

    // MARK: - Events

    /// What is to be done now, if anything: to be asked at start, every few seconds, and after each change.
    package mutating func check(now: Date) -> Action? {
        if let action = pendingAction {
            return action
        }
        let successor = next.flatMap { $0.status == .prepared && $0.expiresAt > now ? $0 : nil }
        guard let current, current.expiresAt > now else {
            return successor.map { activate($0) } ?? generate(activates: true)
        }
        if let successor {
            return now > schedule.activation(of: successor, after: current) ? activate(successor) : nil
        }
        return now > schedule.preparation(after: current) ? generate(activates: false) : nil
    }

    /// An operator wants a successor; one that is prepared already is replaced.
    package mutating func prepare() throws(AuthorityError) -> Action {
        guard current != nil else { throw Self.notReady }
        return generate(activates: false)
    }

    /// An operator wants the prepared successor to sign from now on.
    package mutating func activate(authorityID: String) throws(AuthorityError) -> Action {
        guard current != nil else { throw Self.notReady }
        guard let next, next.authorityID == authorityID else {
            throw AuthorityError(.unexpectedAuthority, "unexpected authority ID")
        }
        guard next.status == .prepared else {
            throw AuthorityError(
                .unsupportedStatus,
                "only Prepared authorities can be activated: unsupported local authority status: \(next.status.rawValue)"
            )
        }
        return activate(next)
    }

    package mutating func keyGenerated(_ record: AuthorityRecord) -> Action? {
        guard case .generating(let slot, let activates) = step, record.slot == slot else { return nil }
        step = .publishing(record, activates: activates)
        return .publish(record)
    }

    package mutating func published() -> Action? {
        guard case .publishing(var record, let activates) = step else { return nil }
        var outcome = Outcome(journal: journal, current: current, next: next, change: .prepared(record))
        if activates {
            record.status = .active
            outcome.retire(current)
            outcome.current = record
            outcome.change = .activated(record, isNew: true)
        } else {
            outcome.next = record
        }
        outcome.journal.append(record)
        outcome.trim()
        return write(outcome)
    }

    package mutating func journalWritten() -> Change? {
        guard case .journalling(let outcome) = step else { return nil }
        step = .none
        journal = outcome.journal
        current = outcome.current
        next = outcome.next
        return outcome.change
    }

    // MARK: - Steps

    private var pendingAction: Action? {
        switch step {
        case .none: nil
        case .generating(let slot, _): .generateKey(slot)
        case .publishing(let record, _): .publish(record)
        case .journalling(let outcome): .writeJournal(outcome.journal)
        }
    }

    private mutating func generate(activates: Bool) -> Action {
        let slot = current?.slot.other ?? next?.slot.other ?? .a
        // From here on the key that was in the slot may be gone.
        if next?.slot == slot {
            next = nil
        }
        step = .generating(slot, activates: activates)
        return .generateKey(slot)
    }

    private mutating func activate(_ successor: AuthorityRecord) -> Action {
        var record = successor
        record.status = .active
        var outcome = Outcome(
            journal: journal, current: record, next: nil, change: .activated(record, isNew: false))
        outcome.retire(current)
        if let index = outcome.journal.lastIndex(of: successor) {
            outcome.journal[index] = record
        } else {
            outcome.journal.append(record)
        }
        return write(outcome)
    }

    private mutating func write(_ outcome: Outcome) -> Action {
        step = .journalling(outcome)
        return .writeJournal(outcome.journal)
    }

    static var notReady: AuthorityError {
        AuthorityError(.notReady, "server is initializing")
    }
}

extension AuthorityRotation.Outcome {
    /// Makes the one that signed, and any that a journal wrongly calls active, old.
    fileprivate mutating func retire(_ record: AuthorityRecord?) {
        for index in journal.indices where journal[index].status == .active {
            journal[index].status = .old
        }
        if let record {
            next = record
            next?.status = .old
        }
    }

    /// Forgets the oldest, but never the one that signs, nor one in the bundle that an operator may want to revoke.
    fileprivate mutating func trim() {
        guard let newest = journal.last else { return }
        let pruned = newest.issuedAt - AuthorityRotation.bundleGrace
        while journal.count > AuthorityRotation.journalLimit {
            let isFull = journal.count > AuthorityRotation.longestJournal
            let index = journal.dropLast().firstIndex { $0.status != .active && (isFull || $0.expiresAt < pruned) }
            guard let index else { return }
            journal.remove(at: index)
        }
    }
}
