// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
import ComityTransport
import ComityWire
package import FoundationEssentials
package import GRPCCore
import Logging
package import SPIFFE
package import ServerAPIProtos
import SwiftProtobuf

/// `spire.api.server.entry.v1.Entry`: entries for administrators, and each agent's own for agents.
package struct EntryService: Spire_Api_Server_Entry_V1_Entry.SimpleServiceProtocol {
    let trustDomain: TrustDomain
    let policy: EntryPolicy
    let store: any EntryStore
    let index: LiveEntryIndex
    let now: @Sendable () -> Date

    package init(
        trustDomain: TrustDomain, store: any EntryStore, index: LiveEntryIndex,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.trustDomain = trustDomain
        policy = EntryPolicy(trustDomain: trustDomain)
        self.store = store
        self.index = index
        self.now = now
    }

    package func countEntries(
        request: Spire_Api_Server_Entry_V1_CountEntriesRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Entry_V1_CountEntriesResponse {
        try await answering(RequestLogger.current) {
            let filter = try EntryFilter(request.filter, trustDomain: trustDomain)
            let count = try await naming("failed to count entries") { try await store.countEntries(filter) }
            return .with { $0.count = Int32(clamping: count) }
        }
    }

    package func listEntries(
        request: Spire_Api_Server_Entry_V1_ListEntriesRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Entry_V1_ListEntriesResponse {
        try await answering(RequestLogger.current) {
            let filter = try EntryFilter(request.filter, trustDomain: trustDomain)
            let fields = Set<EntryField>(request.hasOutputMask ? request.outputMask : nil)
            let page = try await naming("failed to list entries") {
                try await store.listEntries(filter, page: PageRequest(size: request.pageSize, token: request.pageToken))
            }
            return .with {
                $0.entries = page.items.map { Spire_Api_Types_Entry($0, fields: fields) }
                $0.nextPageToken = page.nextToken
            }
        }
    }

    package func getEntry(
        request: Spire_Api_Server_Entry_V1_GetEntryRequest, context: ServerContext
    ) async throws -> Spire_Api_Types_Entry {
        var logger = RequestLogger.current
        logger[metadataKey: "entry_id"] = "\(request.id)"
        return try await answering(logger) {
            guard !request.id.isEmpty else { throw APIError(.invalidArgument, "missing ID") }
            let entry = try await naming("failed to fetch entry") { try await store.entry(id: request.id) }
            guard let entry else { throw APIError(.notFound, "entry not found") }
            return Spire_Api_Types_Entry(entry, fields: Set(request.hasOutputMask ? request.outputMask : nil))
        }
    }
}
