// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import FoundationEssentials

/// The agent's side of one exchange that brings its entries up to date (`SyncAuthorizedEntries`).
///
/// A server with few entries sends them all; one with many sends their revisions and is then asked for what is new.
package struct EntryRetrieval: Sendable {
    /// How many entries are asked for at once.
    package static let requestSize = 500
    private static let maximumEntries = 1_000_000

    package struct Revision: Hashable, Sendable {
        package var id: String
        package var number: Int64
        package var createdAt: Date

        package init(id: String, number: Int64, createdAt: Date) {
            self.id = id
            self.number = number
            self.createdAt = createdAt
        }
    }

    package struct Message: Sendable {
        package var revisions: [Revision]
        package var entries: [Entry]
        package var hasMore: Bool

        package init(revisions: [Revision] = [], entries: [Entry] = [], hasMore: Bool = false) {
            self.revisions = revisions
            self.entries = entries
            self.hasMore = hasMore
        }
    }

    package enum Action: Hashable, Sendable {
        case awaitMessage
        case request(ids: [String])
        /// The entries the agent is authorized for, by ID.
        case finish([String: Entry])
    }

    private enum Phase {
        case listing, fetching, finished
    }

    private let known: [String: Entry]
    private var phase = Phase.listing
    private var revisions: [Revision] = []
    private var result: [String: Entry] = [:]
    private var missing: [String] = []

    package init(known: [String: Entry]) {
        self.known = known
    }

    /// - Throws: ``RegistryError`` when the server does not keep to the protocol.
    package mutating func received(_ message: Message) throws(RegistryError) -> Action {
        switch phase {
        case .listing: try receivedListing(message)
        case .fetching: receivedEntries(message)
        case .finished: throw RegistryError(.internalError, "server sent more entries than it was asked for")
        }
    }

    private mutating func receivedListing(_ message: Message) throws(RegistryError) -> Action {
        guard message.entries.isEmpty || (message.revisions.isEmpty && revisions.isEmpty) else {
            throw RegistryError(.internalError, "server sent entries among revisions")
        }
        guard revisions.count + result.count + message.revisions.count <= Self.maximumEntries else {
            throw RegistryError(.internalError, "server lists more than \(Self.maximumEntries) entries")
        }
        for entry in message.entries { result[entry.id] = entry }
        revisions += message.revisions
        guard !message.hasMore else { return .awaitMessage }
        for revision in revisions {
            if let entry = known[revision.id], entry.revisionNumber == revision.number,
                entry.createdAt == revision.createdAt
            {
                result[revision.id] = entry
            } else {
                missing.append(revision.id)
            }
        }
        missing.sort()
        phase = .fetching
        return requestNext()
    }

    /// Entries that were deleted meanwhile do not come, which is right.
    private mutating func receivedEntries(_ message: Message) -> Action {
        for entry in message.entries { result[entry.id] = entry }
        return message.hasMore ? .awaitMessage : requestNext()
    }

    private mutating func requestNext() -> Action {
        guard !missing.isEmpty else {
            phase = .finished
            return .finish(result)
        }
        let ids = Array(missing.prefix(Self.requestSize))
        missing.removeFirst(ids.count)
        return .request(ids: ids)
    }
}
