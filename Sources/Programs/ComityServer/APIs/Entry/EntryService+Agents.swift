// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTransport
import ComityWire
package import GRPCCore
import SPIFFE
package import ServerAPIProtos
import SwiftProtobuf

extension EntryService {
    package func getAuthorizedEntries(
        request: Spire_Api_Server_Entry_V1_GetAuthorizedEntriesRequest, context: ServerContext
    ) async throws -> Spire_Api_Server_Entry_V1_GetAuthorizedEntriesResponse {
        try await answering(RequestLogger.current) {
            let entries = try authorizedEntries()
            let fields = Set<EntryField>(request.hasOutputMask ? request.outputMask : nil)
            return .with { $0.entries = entries.map { Spire_Api_Types_Entry($0, fields: fields) } }
        }
    }

    package func syncAuthorizedEntries(
        request: RPCAsyncSequence<Spire_Api_Server_Entry_V1_SyncAuthorizedEntriesRequest, any Error>,
        response: RPCWriter<Spire_Api_Server_Entry_V1_SyncAuthorizedEntriesResponse>,
        context: ServerContext
    ) async throws {
        try await answering(RequestLogger.current) {
            var requests = request.makeAsyncIterator()
            guard let first = try await requests.next() else { return }
            let fields = try Self.fields(of: first)
            let pages = EntrySyncPages(entries: try authorizedEntries())
            for message in pages.opening() {
                try await response.write(.init(message, fields: fields))
            }
            guard !pages.endsAfterOpening else { return }
            while let next = try await requests.next() {
                for message in pages.answer(to: next.ids) {
                    try await response.write(.init(message, fields: fields))
                }
            }
        }
    }

    private static func fields(
        of first: Spire_Api_Server_Entry_V1_SyncAuthorizedEntriesRequest
    ) throws(APIError) -> Set<EntryField> {
        guard first.ids.isEmpty else {
            throw APIError(.invalidArgument, "specifying IDs on initial request is not supported")
        }
        let fields = Set<EntryField>(first.hasOutputMask ? first.outputMask : nil)
        guard fields.contains(.revisionNumber) else {
            throw APIError(.invalidArgument, "revision number cannot be masked")
        }
        return fields
    }

    private func authorizedEntries() throws(APIError) -> [Entry] {
        guard let agent = Caller.current.agentID else {
            throw APIError(.internalError, "caller ID missing from request context")
        }
        return index.withIndex { $0.authorizedEntries(of: agent) }
    }
}

extension Spire_Api_Server_Entry_V1_SyncAuthorizedEntriesResponse {
    fileprivate init(_ message: EntrySyncPages.Message, fields: Set<EntryField>) {
        self.init()
        switch message {
        case .entries(let entries, let more):
            self.entries = entries.map { Spire_Api_Types_Entry($0, fields: fields) }
            self.more = more
        case .revisions(let entries, let more):
            entryRevisions = entries.map { Spire_Api_Server_Entry_V1_EntryRevision($0) }
            self.more = more
        }
    }
}

extension Spire_Api_Server_Entry_V1_EntryRevision {
    fileprivate init(_ entry: Entry) {
        self.init()
        id = entry.id
        revisionNumber = entry.revisionNumber
        createdAt = Optional(entry.createdAt).unixSeconds
    }
}
