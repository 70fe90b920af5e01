// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE
import Testing

@Suite struct EntrySyncPagesTests {
    private func entries(_ ids: [String]) throws -> [Entry] {
        try ids.map { id in
            Entry(
                id: id, spiffeID: try SPIFFEID("spiffe://example.org/\(id)"),
                parentID: try SPIFFEID("spiffe://example.org/p"), selectors: [try Selector("u:1")])
        }
    }

    @Test func sendsFewEntriesAtOnce() throws {
        let pages = EntrySyncPages(entries: try entries(["b", "a"]), pageSize: 2)
        #expect(pages.endsAfterOpening)
        #expect(pages.opening() == [.entries(try entries(["a", "b"]), more: false)])
        #expect(EntrySyncPages(entries: []).opening() == [.entries([], more: false)])
    }

    @Test func sendsRevisionsOfManyInPages() throws {
        let pages = EntrySyncPages(entries: try entries(["c", "a", "e", "b", "d"]), pageSize: 2)
        #expect(!pages.endsAfterOpening)
        #expect(
            pages.opening() == [
                .revisions(try entries(["a", "b"]), more: true), .revisions(try entries(["c", "d"]), more: true),
                .revisions(try entries(["e"]), more: false),
            ])
    }

    @Test func doesNotAnnounceAPageThatIsNotThere() throws {
        let pages = EntrySyncPages(entries: try entries(["a", "b", "c", "d"]), pageSize: 2)
        #expect(
            pages.opening() == [
                .revisions(try entries(["a", "b"]), more: true), .revisions(try entries(["c", "d"]), more: false),
            ])
    }

    @Test func answersWhatWasAskedForInPages() throws {
        let pages = EntrySyncPages(entries: try entries(["a", "b", "c"]), pageSize: 2)
        #expect(
            pages.answer(to: ["c", "unknown", "a", "c", "b"]) == [
                .entries(try entries(["c", "a"]), more: true), .entries(try entries(["b"]), more: false),
            ])
        #expect(pages.answer(to: ["unknown"]) == [.entries([], more: false)])
        #expect(pages.answer(to: []) == [.entries([], more: false)])
    }

    @Test func hasSPIREsPageSize() throws {
        let ids = (0..<501).map { String(1000 + $0) }
        #expect(EntrySyncPages(entries: try entries(Array(ids.prefix(500)))).endsAfterOpening)
        #expect(EntrySyncPages(entries: try entries(ids)).opening().count == 2)
    }
}
