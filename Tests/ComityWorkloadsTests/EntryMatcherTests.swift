// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import ComityWorkloads
import Testing

@Suite struct EntryMatcherTests {
    @Test(arguments: [
        (["unix:uid:1"], ["a"]), (["unix:uid:1", "unix:gid:1"], ["a", "b"]), (["unix:gid:1"], []),
        (["unix:uid:1", "unix:gid:1", "unix:path:/x"], ["a", "b", "c"]), (["unix:UID:1"], []), (["k8s:uid:1"], []),
        ([], []),
    ])
    func findsEntriesWhoseSelectorsTheWorkloadHas(selectors: [String], expected: [String]) throws {
        var matcher = EntryMatcher()
        _ = matcher.replace(
            with: makeEntries(
                try makeEntry("c", selectors: ["unix:uid:1", "unix:path:/x"]),
                try makeEntry("b", selectors: ["unix:uid:1", "unix:gid:1"]),
                try makeEntry("a", selectors: ["unix:uid:1"]),
                try makeEntry("d", selectors: ["unix:uid:2"])))

        #expect(matcher.entries(for: try makeSelectors(selectors)).map(\.id) == expected)
    }

    @Test func servesNoProcessForAnEntryWithoutSelectors() throws {
        var matcher = EntryMatcher()
        _ = matcher.replace(with: makeEntries(try makeEntry("a", selectors: [])))

        #expect(matcher.entries(for: try makeSelectors(["unix:uid:1"])).isEmpty)
    }

    @Test func leavesOutWhatIsStoredElsewhere() throws {
        var entry = try makeEntry("a")
        entry.storesSVID = true
        var matcher = EntryMatcher()
        _ = matcher.replace(with: makeEntries(entry))

        #expect(matcher.entries(for: try makeSelectors(["unix:uid:1"])).isEmpty)
    }

    @Test func tellsWhatChangedAndForgetsTheRest() throws {
        var matcher = EntryMatcher()
        _ = matcher.replace(
            with: makeEntries(try makeEntry("same"), try makeEntry("gone"), try makeEntry("moved")))

        let change = matcher.replace(
            with: makeEntries(
                try makeEntry("same"), try makeEntry("new"), try makeEntry("moved", selectors: ["unix:uid:2"])))

        #expect(change == .init(updated: ["new", "moved"], removed: ["gone"]))
        #expect(matcher.entries(for: try makeSelectors(["unix:uid:1"])).map(\.id) == ["new", "same"])
        #expect(matcher.entries(for: try makeSelectors(["unix:uid:2"])).map(\.id) == ["moved"])
    }

    @Test func findsTheSameAsComparingAll() throws {
        var generator = SeededGenerator(seed: 7)
        let all = try (0..<12).map { try Selector("unix:x:\($0)") }
        var entries: [String: Entry] = [:]
        for number in 0..<300 {
            var entry = try makeEntry(String(1000 + number))
            entry.selectors = Set(all.shuffled(using: &generator).prefix(Int.random(in: 1...4, using: &generator)))
            entries[entry.id] = entry
        }
        var matcher = EntryMatcher()
        _ = matcher.replace(with: entries)
        for _ in 0..<50 {
            let workload = Set(all.shuffled(using: &generator).prefix(6))
            let expected = entries.values.filter { $0.selectors.isSubset(of: workload) }.map(\.id).sorted()
            #expect(matcher.entries(for: workload).map(\.id) == expected)
        }
    }
}
