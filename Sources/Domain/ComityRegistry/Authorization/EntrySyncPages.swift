// SPDX-License-Identifier: Apache-2.0

/// How an agent gets its entries over one sync stream: all at once if they are few, else revisions first and then
/// what the agent asks for.
package struct EntrySyncPages: Sendable {
    /// SPIRE's.
    package static let pageSize = 500

    package enum Message: Hashable, Sendable {
        case entries([Entry], more: Bool)
        case revisions([Entry], more: Bool)
    }

    private let entries: [String: Entry]
    private let sorted: [Entry]
    private let pageSize: Int

    /// Says whether the opening messages hold everything, so that the stream ends after them.
    package var endsAfterOpening: Bool { sorted.count <= pageSize }

    /// - Parameter entries: what the agent may have.
    package init(entries: [Entry], pageSize: Int = EntrySyncPages.pageSize) {
        self.pageSize = pageSize
        sorted = entries.sorted { $0.id < $1.id }
        self.entries = Dictionary(entries.map { ($0.id, $0) }) { first, _ in first }
    }

    /// What is sent after the agent's first message.
    package func opening() -> [Message] {
        guard !endsAfterOpening else { return [.entries(sorted, more: false)] }
        return pages(sorted).map { .revisions($0.page, more: $0.more) }
    }

    /// What is sent for a later message of the agent: the entries among those asked for that it may have.
    package func answer(to ids: [String]) -> [Message] {
        var seen: Set<String> = []
        let wanted = ids.filter { seen.insert($0).inserted }.compactMap { entries[$0] }
        guard !wanted.isEmpty else { return [.entries([], more: false)] }
        return pages(wanted).map { .entries($0.page, more: $0.more) }
    }

    private func pages(_ entries: [Entry]) -> [(page: [Entry], more: Bool)] {
        stride(from: 0, to: entries.count, by: pageSize).map { start in
            let end = min(start + pageSize, entries.count)
            return (Array(entries[start..<end]), end < entries.count)
        }
    }
}
