// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityWorkloads
import SPIFFE

/// Many entries as the server and as an agent keep them, for the package in `Benchmarks/`.
public struct LookUpCase: Sendable {
    /// How many entries each agent has.
    public static let entriesPerAgent = 50

    private let index: EntryIndex
    private let matcher: EntryMatcher
    private let agent: SPIFFEID
    private let entryID: String
    private let workload: Set<Selector>

    /// Spreads the entries evenly over agents. Each names a user and a path, as entries for the unix attestor do.
    public init(entryCount: Int) throws {
        let trustDomain = try TrustDomain("bench.example")
        var index = EntryIndex(trustDomain: trustDomain)
        var entries: [String: Entry] = [:]
        for number in 0..<entryCount {
            let entry = try Self.entry(number, of: trustDomain)
            index.setEntry(entry)
            entries[entry.id] = entry
        }
        var matcher = EntryMatcher()
        _ = matcher.replace(with: entries)
        let chosen = try Self.entry(entryCount / 2, of: trustDomain)
        self.index = index
        self.matcher = matcher
        agent = chosen.parentID
        entryID = chosen.id
        // What the unix attestor finds besides.
        workload = chosen.selectors.union([
            try Selector("unix:user:web"), try Selector("unix:gid:0"), try Selector("unix:group:web"),
            try Selector("unix:supplementary_gid:4"),
        ])
    }

    /// An agent's look-up: how many entries apply to one workload.
    public func entriesOfWorkload() -> Int {
        matcher.entries(for: workload).count
    }

    /// A server's look-up at each sync: how many entries one agent may have.
    public func entriesOfAgent() -> Int {
        index.authorizedEntries(of: agent).count
    }

    /// A server's look-up at each signature: whether the agent may have the entry.
    public func isAuthorized() -> Bool {
        index.authorizedEntry(id: entryID, for: agent) != nil
    }

    private static func entry(_ number: Int, of trustDomain: TrustDomain) throws -> Entry {
        Entry(
            id: "entry-\(number)", spiffeID: try SPIFFEID(trustDomain: trustDomain, path: "/workload/\(number)"),
            parentID: try SPIFFEID(trustDomain: trustDomain, path: "/spire/agent/\(number / entriesPerAgent)"),
            selectors: [
                try Selector("unix:uid:\(number % 100)"), try Selector("unix:path:/usr/bin/workload-\(number)"),
            ])
    }
}
