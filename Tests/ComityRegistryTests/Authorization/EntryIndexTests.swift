// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE
import Testing

@Suite struct EntryIndexTests {
    private var index: EntryIndex
    private let agent: SPIFFEID
    private let other: SPIFFEID

    init() throws {
        index = EntryIndex(trustDomain: try TrustDomain("example.org"))
        agent = try SPIFFEID("spiffe://example.org/spire/agent/join_token/a")
        other = try SPIFFEID("spiffe://example.org/spire/agent/join_token/b")
    }

    private mutating func add(
        _ id: String, _ path: String, under parent: String, _ selectors: [String] = ["unix:uid:1"]
    ) throws {
        index.setEntry(
            Entry(
                id: id, spiffeID: try SPIFFEID("spiffe://example.org\(path)"),
                parentID: try SPIFFEID("spiffe://example.org\(parent)"),
                selectors: Set(try selectors.map { try Selector($0) })))
    }

    private func ids(of agent: SPIFFEID) -> [String] {
        index.authorizedEntries(of: agent).map(\.id)
    }

    /// Both ways to ask agree for every entry named.
    private func expect(_ expected: [String], of agent: SPIFFEID, among all: [String]) {
        #expect(ids(of: agent) == expected)
        #expect(all.filter { index.authorizedEntry(id: $0, for: agent) != nil } == expected)
    }

    @Test mutating func givesAnAgentItsOwnEntriesOnly() throws {
        try add("1", "/web", under: agent.path)
        try add("2", "/web", under: other.path)
        expect(["1"], of: agent, among: ["1", "2", "none"])
        expect(["2"], of: other, among: ["1", "2", "none"])
    }

    @Test mutating func givesWhatIsBelowEntries() throws {
        try add("1", "/x", under: agent.path)
        try add("2", "/y", under: "/x")
        try add("3", "/z", under: "/y")
        try add("4", "/w", under: "/elsewhere")
        expect(["1", "2", "3"], of: agent, among: ["1", "2", "3", "4"])
    }

    @Test mutating func followsAnAliasOnlyWithAllItsSelectors() throws {
        try add("alias", "/pool", under: "/spire/server", ["aws:region:a", "aws:tag:web"])
        try add("work", "/web", under: "/pool")
        expect([], of: agent, among: ["alias", "work"])
        index.setNode(id: agent, selectors: [try Selector("aws:region:a")])
        expect([], of: agent, among: ["alias", "work"])
        index.setNode(
            id: agent, selectors: [try Selector("aws:region:a"), try Selector("aws:tag:web"), try Selector("x:y")])
        expect(["work"], of: agent, among: ["alias", "work"])
        index.setNode(id: agent, selectors: [try Selector("aws:tag:web")])
        expect([], of: agent, among: ["alias", "work"])
        index.removeNode(id: agent)
        expect([], of: agent, among: ["alias", "work"])
    }

    @Test mutating func givesAnAliasThatIsAlsoAChild() throws {
        try add("alias", "/pool", under: "/spire/server", ["x:1"])
        try add("server", "/spire-child", under: agent.path)
        try add("same", "/pool", under: agent.path)
        index.setNode(id: agent, selectors: [try Selector("x:1")])
        expect(["same", "server"], of: agent, among: ["alias", "same", "server"])
    }

    @Test mutating func endsInACycle() throws {
        try add("1", "/a", under: agent.path)
        try add("2", "/b", under: "/a")
        try add("3", "/a", under: "/b")
        try add("4", "/c", under: "/d")
        try add("5", "/d", under: "/c")
        try add("6", "/e", under: "/e")
        expect(["1", "2", "3"], of: agent, among: ["1", "2", "3", "4", "5", "6"])
    }

    @Test mutating func forgetsWhatAnEntryWas() throws {
        try add("1", "/a", under: agent.path)
        try add("2", "/b", under: "/a")
        try add("1", "/moved", under: other.path)
        expect([], of: agent, among: ["1", "2"])
        expect(["1"], of: other, among: ["1", "2"])
        #expect(index.entries(for: try SPIFFEID("spiffe://example.org/a")).isEmpty)
        #expect(index.entries(for: try SPIFFEID("spiffe://example.org/moved")).map(\.id) == ["1"])
        index.removeEntry(id: "1")
        index.removeEntry(id: "1")
        expect([], of: other, among: ["1", "2"])
        #expect(index.entryCount == 1)
    }

    @Test mutating func agreesWithTheRuleWrittenPlainly() throws {
        var random = SystemRandomNumberGenerator()
        var entries: [String: Entry] = [:]
        let names = ["/a", "/b", "/c", "/d", "/e"]
        let parents = names + [agent.path, other.path, "/spire/server"]
        let selectors = try ["x:1", "x:2", "x:3"].map { try Selector($0) }
        for step in 0..<600 {
            let id = String(Int.random(in: 0..<12, using: &random))
            if Bool.random(using: &random) {
                let entry = Entry(
                    id: id, spiffeID: try SPIFFEID("spiffe://example.org\(names[step % 5])"),
                    parentID: try SPIFFEID("spiffe://example.org\(parents[Int.random(in: 0..<8, using: &random)])"),
                    selectors: Set(selectors.shuffled(using: &random).prefix(1 + step % 3)))
                entries[id] = entry
                index.setEntry(entry)
            } else {
                entries[id] = nil
                index.removeEntry(id: id)
            }
            let node = Set(selectors.shuffled(using: &random).prefix(step % 4))
            index.setNode(id: agent, selectors: node)
            let plain = plainly(entries.values, node)
            #expect(ids(of: agent) == plain)
            #expect(
                (0..<12).map(String.init).filter { index.authorizedEntry(id: $0, for: agent) != nil }.sorted() == plain)
        }
    }

    private func plainly(_ entries: some Collection<Entry>, _ node: Set<Selector>) -> [String] {
        var parents: Set = [agent]
        for entry in entries where entry.parentID.path == "/spire/server" && entry.selectors.isSubset(of: node) {
            parents.insert(entry.spiffeID)
        }
        var found: Set<String> = []
        while true {
            let next = entries.filter { parents.contains($0.parentID) }
            parents.formUnion(next.map(\.spiffeID))
            guard !found.isSuperset(of: next.map(\.id)) else { return found.sorted() }
            found.formUnion(next.map(\.id))
        }
    }
}
