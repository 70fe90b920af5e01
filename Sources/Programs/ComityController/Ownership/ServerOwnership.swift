// SPDX-License-Identifier: Apache-2.0

import ComityClient
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Synchronization

/// Records in the server itself, and elsewhere when the server has no such service, as SPIRE's has not.
final class ServerOwnership: OwnershipRecord {
    private static let batchSize = 5000

    private let socketPath: String
    private let owner: String
    private let fallback: any OwnershipRecord
    /// Known after the first call.
    private let isOffered = Mutex<Bool?>(nil)

    init(socketPath: String, owner: String, fallback: any OwnershipRecord) {
        self.socketPath = socketPath
        self.owner = owner
        self.fallback = fallback
    }

    func load() async throws -> Owned? {
        // The server may have been exchanged for another kind.
        isOffered.withLock { $0 = nil }
        return try await offered {
            try await list($0)
        } otherwise: {
            try await fallback.load()
        }
    }

    func claim(_ objects: Owned) async throws -> Owned {
        try await offered {
            try await claim(objects, $0)
        } otherwise: {
            try await fallback.claim(objects)
        }
    }

    func release(_ objects: Owned) async throws {
        try await offered { api in
            for batch in Self.batches(objects) {
                _ = try await api.ownership.release(
                    .with {
                        $0.owner = owner
                        $0.entryIds = batch.entryIDs.sorted()
                        $0.trustDomains = batch.trustDomains.map(\.name).sorted()
                    })
            }
        } otherwise: {
            try await fallback.release(objects)
        }
    }

    private func offered<Result: Sendable>(
        _ work: (ServerAPI) async throws -> Result, otherwise: () async throws -> Result
    ) async throws -> Result {
        guard isOffered.withLock({ $0 }) ?? true else { return try await otherwise() }
        do {
            let result = try await ServerAPI.connect(socketPath: socketPath, work)
            isOffered.withLock { $0 = true }
            return result
        } catch let error as RPCError where error.code == .unimplemented {
            isOffered.withLock { $0 = false }
            return try await otherwise()
        }
    }

    // MARK: - The service

    private func list(_ api: ServerAPI) async throws -> Owned? {
        var owned = Owned()
        var isKnown = false
        var token = ""
        repeat {
            let page = try await api.ownership.listOwned(
                .with {
                    $0.owner = owner
                    $0.pageToken = token
                })
            isKnown = page.known
            owned.entryIDs.formUnion(page.entryIds)
            owned.trustDomains.formUnion(Self.trustDomains(page.trustDomains))
            token = page.nextPageToken
        } while !token.isEmpty
        return isKnown ? owned : nil
    }

    private func claim(_ objects: Owned, _ api: ServerAPI) async throws -> Owned {
        var refused = Owned()
        for batch in Self.batches(objects) {
            let answer = try await api.ownership.claim(
                .with {
                    $0.owner = owner
                    $0.entryIds = batch.entryIDs.sorted()
                    $0.trustDomains = batch.trustDomains.map(\.name).sorted()
                })
            refused.entryIDs.formUnion(answer.refusedEntryIds)
            refused.trustDomains.formUnion(Self.trustDomains(answer.refusedTrustDomains))
        }
        return refused
    }

    /// At least one, which may be empty: claiming nothing says something, too.
    private static func batches(_ objects: Owned) -> [Owned] {
        let entries = Array(objects.entryIDs).batches(of: batchSize).map { Owned(entryIDs: Set($0)) }
        let relationships = Array(objects.trustDomains).batches(of: batchSize).map { Owned(trustDomains: Set($0)) }
        let all = entries + relationships
        return all.isEmpty ? [Owned()] : all
    }

    private static func trustDomains(_ names: [String]) -> [TrustDomain] {
        names.compactMap { try? TrustDomain($0) }
    }
}
