// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTelemetry
import ComityTransport
import ComityWire
import ComityWorkloads
import FoundationEssentials
import GRPCCore
import Logging
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// One run of `SyncAuthorizedEntries`, as ``EntryRetrieval`` decides.
struct EntryExchange: Sendable {
    private typealias Request = Spire_Api_Server_Entry_V1_SyncAuthorizedEntriesRequest
    private typealias Response = Spire_Api_Server_Entry_V1_SyncAuthorizedEntriesResponse

    /// What an agent needs of an entry: what SPIRE's asks for.
    private static let fields: Set<EntryField> = [
        .spiffeID, .selectors, .federatesWith, .admin, .downstream, .revisionNumber, .storeSVID, .hint,
        .additionalAttributes, .createdAt,
    ]

    let retrieval: EntryRetrieval
    let trustDomain: TrustDomain
    let logger: Logger

    func run(over client: GRPCClient<GRPCConnection>) async throws -> [String: Entry] {
        let service = Spire_Api_Server_Entry_V1_Entry.Client(wrapping: client)
        let (requests, outgoing) = AsyncStream<Request>.makeStream()
        outgoing.yield(.with { $0.outputMask = Spire_Api_Types_EntryMask(Self.fields) })
        return try await service.syncAuthorizedEntries { writer in
            for await request in requests { try await writer.write(request) }
        } onResponse: { response in
            defer { outgoing.finish() }
            var retrieval = retrieval
            for try await message in response.messages {
                switch try retrieval.received(read(message)) {
                case .awaitMessage: continue
                case .request(let ids): outgoing.yield(.with { $0.ids = ids })
                case .finish(let entries): return entries
                }
            }
            throw RPCError(code: .internalError, message: "server ended the sync of entries before all were sent")
        }
    }

    private func read(_ message: Response) -> EntryRetrieval.Message {
        let revisions = message.entryRevisions.map { revision in
            EntryRetrieval.Revision(
                id: revision.id, number: revision.revisionNumber,
                createdAt: Date(timeIntervalSince1970: TimeInterval(revision.createdAt)))
        }
        return EntryRetrieval.Message(
            revisions: revisions, entries: message.entries.compactMap { read($0) }, hasMore: message.more)
    }

    /// One entry that cannot be understood must not cost the others.
    private func read(_ message: Spire_Api_Types_Entry) -> Entry? {
        do throws(RegistryError) {
            return try Entry(message, fields: Self.fields, trustDomain: trustDomain)
        } catch {
            logger.error(
                "Received malformed entry from server; are the server and agent versions compatible?",
                metadata: [.entryID: "\(message.id)", .error: "\(error)"])
            return nil
        }
    }
}
