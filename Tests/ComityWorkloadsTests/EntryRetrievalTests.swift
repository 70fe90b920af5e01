// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityWorkloads
import Foundation
import Testing

@Suite struct EntryRetrievalTests {
    @Test func takesEntriesOfASmallServerAsTheyCome() throws {
        let one = try makeEntry("1")
        var retrieval = EntryRetrieval(known: makeEntries(try makeEntry("old")))

        #expect(try retrieval.received(.init(entries: [one])) == .finish(makeEntries(one)))
    }

    @Test func takesNothingForAnAnswer() throws {
        var retrieval = EntryRetrieval(known: makeEntries(try makeEntry("old")))

        #expect(try retrieval.received(.init()) == .finish([:]))
    }

    @Test func asksOnlyForWhatIsNewOrChanged() throws {
        let same = try makeEntry("same", createdAt: 5, revision: 3)
        let stale = try makeEntry("stale", createdAt: 5, revision: 3)
        let remade = try makeEntry("remade", createdAt: 5)
        var retrieval = EntryRetrieval(known: makeEntries(same, stale, remade, try makeEntry("gone")))

        let first = try retrieval.received(
            .init(revisions: [revision("stale", 4, 5), revision("same", 3, 5)], hasMore: true))
        let second = try retrieval.received(.init(revisions: [revision("remade", 0, 6), revision("new", 0, 9)]))
        let third = try retrieval.received(
            .init(entries: [try makeEntry("new"), try makeEntry("stale")], hasMore: true))
        // "remade" was deleted meanwhile and does not come.
        let last = try retrieval.received(.init(entries: []))

        #expect(first == .awaitMessage)
        #expect(second == .request(ids: ["new", "remade", "stale"]))
        #expect(third == .awaitMessage)
        #expect(last == .finish(makeEntries(same, try makeEntry("new"), try makeEntry("stale"))))
    }

    @Test func endsAtOnceWhenNothingChanged() throws {
        let same = try makeEntry("same", createdAt: 5, revision: 3)
        var retrieval = EntryRetrieval(known: makeEntries(same))

        #expect(try retrieval.received(.init(revisions: [revision("same", 3, 5)])) == .finish(makeEntries(same)))
    }

    @Test func asksInPartsThatTheServerTakes() throws {
        var retrieval = EntryRetrieval(known: [:])
        let revisions = (0..<1001).map { revision(String(1000 + $0), 0, 0) }
        var action = try retrieval.received(.init(revisions: revisions))
        var sizes: [Int] = []
        while case .request(let ids) = action {
            sizes.append(ids.count)
            action = try retrieval.received(.init(entries: try ids.map { try makeEntry($0) }))
        }

        #expect(sizes == [500, 500, 1])
        guard case .finish(let entries) = action else { throw Failure() }
        #expect(entries.count == 1001)
    }

    @Test func refusesEntriesAmongRevisions() throws {
        var retrieval = EntryRetrieval(known: [:])
        _ = try retrieval.received(.init(revisions: [revision("1", 0, 0)], hasMore: true))

        #expect(throws: RegistryError(.internalError, "")) {
            try retrieval.received(.init(entries: [try makeEntry("1")]))
        }
    }

    @Test func refusesMessagesAfterTheEnd() throws {
        var retrieval = EntryRetrieval(known: [:])
        _ = try retrieval.received(.init())

        #expect(throws: RegistryError(.internalError, "")) { try retrieval.received(.init()) }
    }

    private struct Failure: Error {}

    private func revision(_ id: String, _ number: Int64, _ createdAt: Double) -> EntryRetrieval.Revision {
        EntryRetrieval.Revision(id: id, number: number, createdAt: Date(timeIntervalSince1970: createdAt))
    }
}
