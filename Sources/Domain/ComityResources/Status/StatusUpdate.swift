// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
package import SPIFFE

/// What is to be written into a custom resource's status, and what is to be told besides.
package struct StatusUpdate: Hashable, Sendable {
    /// A merge patch of the object, for its status.
    package let patch: JSONValue
    package let events: [ResourceEvent]

    /// - Parameters:
    ///   - facts: What the status says besides its conditions.
    ///   - object: As it was last read.
    ///   - warnings: What is odd but not wrong; each is told once.
    ///   - passing: Members of the status that change all the time; they are written with the rest, or when they are older
    ///     than the interval.
    /// - Returns: `nil` when nothing is worth writing.
    init?(
        _ conditions: [Condition], _ facts: JSONObject, of object: JSONValue, at now: Date, warnings: [String] = [],
        passing: [String] = [], tells: [ResourceEvent] = []
    ) {
        let generation = object["metadata"]?["generation"]?.number?.signed ?? 0
        let previous = object["status"]?.object ?? JSONObject()
        let written = previous["conditions"]?.array ?? []
        func known(_ kind: Condition.Kind) -> JSONValue? { written.first { $0["type"]?.string == kind.rawValue } }
        var status = facts
        let warnings = warnings.map { $0.shortened(to: StatusText.maximumLength) }
        if !warnings.isEmpty { status["warnings"] = .array(warnings.map { .string($0) }) }
        status["observedGeneration"] = .number(JSONNumber(generation))
        // Conditions of kinds that are not ours belong to somebody else.
        let others = written.filter { Condition.Kind(rawValue: $0["type"]?.string ?? "") == nil }
        status["conditions"] = .array(
            conditions.map { $0.json(generation: generation, previous: known($0.kind), at: now) } + others)
        var changes = Self.changes(from: previous, to: status)
        if changes.names.allSatisfy(passing.contains), !Self.isDue(passing, previous, status, at: now) {
            changes = JSONObject()
        }
        let told = Set((previous["warnings"]?.array ?? []).compactMap(\.string))
        let notices = warnings.filter { !told.contains($0) }.prefix(Self.maximumNotices)
        let events =
            Self.events(conditions, known: known) + tells
            + notices.map { ResourceEvent(isWarning: true, "Noticed", $0) }
        guard !changes.members.isEmpty else { return nil }
        patch = ["status": .object(changes)]
        self.events = events
    }

    private static let maximumNotices = 4
    /// Times are written at most this often when nothing else is new.
    private static let interval: TimeInterval = 30

    private static func isDue(_ names: [String], _ previous: JSONObject, _ status: JSONObject, at now: Date) -> Bool {
        names.contains { name in
            guard let new = status[name]?.string.flatMap(StatusText.time) else { return previous[name] != nil }
            guard let old = previous[name]?.string.flatMap(StatusText.time) else { return true }
            return abs(new.timeIntervalSince(old)) >= interval
        }
    }

    /// A merge patch that makes one object of the other.
    static func changes(from old: JSONObject, to new: JSONObject) -> JSONObject {
        var changes = JSONObject()
        for member in new.members where old[member.name] != member.value {
            if let before = old[member.name]?.object, let after = member.value.object {
                changes[member.name] = .object(Self.changes(from: before, to: after))
            } else {
                changes[member.name] = member.value
            }
        }
        for name in old.names where new[name] == nil && old[name] != .null { changes[name] = .null }
        return changes
    }

    private static func events(
        _ conditions: [Condition], known: (Condition.Kind) -> JSONValue?
    ) -> [ResourceEvent] {
        var events: [ResourceEvent] = []
        for condition in conditions {
            let before = known(condition.kind)
            let wasSame = before?["status"]?.string == condition.state.rawValue
            guard !wasSame || before?["reason"]?.string != condition.reason else { continue }
            if condition.isBad {
                events.append(ResourceEvent(isWarning: true, condition.reason, condition.message))
            } else if condition.isGood, condition.kind == .ready, !wasSame {
                events.append(ResourceEvent(isWarning: false, condition.reason, condition.message))
            }
        }
        // What makes a resource not ready is told by one event, not by two.
        var told: Set<String> = []
        return events.filter { told.insert($0.reason).inserted }
    }
}
