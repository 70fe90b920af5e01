// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import Testing

@testable import ComityKubernetes

struct EventRuleTests {
    private static let start = ContinuousClock.now

    private func note(_ object: String = "a", _ message: String = "no bundle") throws -> EventNote {
        let reference = EventNote.ObjectReference([
            "kind": "ConfigMap", "metadata": ["name": .string(object), "uid": .string(object)],
        ])
        return EventNote(object: try #require(reference), type: "Warning", reason: "Failed", message: message)
    }

    @Test("the same event is counted for ten minutes from the last time, then it is a new one") func counts() throws {
        var rule = EventRule()
        let note = try note()
        #expect(rule.happened(note, now: Self.start, suffix: "1") == .create(name: "a.1"))
        #expect(rule.happened(note, now: Self.start + .seconds(599), suffix: "2") == .count(name: "a.1", 2))
        #expect(rule.happened(note, now: Self.start + .seconds(1199), suffix: "3") == .count(name: "a.1", 3))
        #expect(rule.happened(note, now: Self.start + .seconds(1800), suffix: "4") == .create(name: "a.4"))
    }

    @Test("another object or another message is another event") func others() throws {
        var rule = EventRule()
        _ = rule.happened(try note(), now: Self.start, suffix: "1")
        #expect(rule.happened(try note("b"), now: Self.start, suffix: "2") == .create(name: "b.2"))
        #expect(rule.happened(try note("a", "other"), now: Self.start, suffix: "3") == .create(name: "a.3"))
    }

    @Test("one object has 25 events at once and then one each five minutes; others are not held up") func limits()
        throws
    {
        var rule = EventRule()
        let actions = try (0..<26).map { rule.happened(try note("a", "\($0)"), now: Self.start, suffix: "x") }
        #expect(actions.count { $0 == .create(name: "a.x") } == 25)
        #expect(actions.last == .drop)
        #expect(rule.happened(try note("b"), now: Self.start, suffix: "y") == .create(name: "b.y"))
        let later = Self.start + .seconds(301)
        #expect(rule.happened(try note("a", "z"), now: later, suffix: "z") == .create(name: "a.z"))
        #expect(rule.happened(try note("a", "z2"), now: later, suffix: "z") == .drop)
    }

    @Test("an event that the server no longer has is made anew") func vanished() throws {
        var rule = EventRule()
        let note = try note()
        _ = rule.happened(note, now: Self.start, suffix: "1")
        rule.vanished(note)
        #expect(rule.happened(note, now: Self.start, suffix: "2") == .create(name: "a.2"))
    }
}
