// SPDX-License-Identifier: Apache-2.0

import ComityClient
import ComityRegistry
import ComityResources
import ComityWire
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// A server that was reached over its admin socket.
struct ServerSession: ServerPort {
    /// Fits into the smallest limit for messages that a server may have.
    private static let pageSize: Int32 = 1000

    let api: ServerAPI
    let trustDomain: TrustDomain

    // MARK: - Entries

    func entries() async throws -> [Entry] {
        var entries: [Entry] = []
        var token = ""
        repeat {
            let page = try await api.entries.listEntries(
                .with {
                    $0.pageSize = Self.pageSize
                    $0.pageToken = token
                })
            // What this server made for others may not follow our rules; it is none of ours then.
            entries += page.entries.compactMap { try? Entry($0, trustDomain: trustDomain) }
            token = page.nextPageToken
        } while !token.isEmpty
        return entries
    }

    func createEntries(_ entries: [Entry]) async throws -> [ItemResult] {
        let answer = try await api.entries.batchCreateEntry(
            .with { $0.entries = entries.map { Spire_Api_Types_Entry($0) } })
        return answer.results.map { ItemResult($0.status, entry: entry($0.hasEntry ? $0.entry : nil)) }
    }

    func updateEntries(_ entries: [Entry]) async throws -> [ItemResult] {
        let answer = try await api.entries.batchUpdateEntry(
            .with { $0.entries = entries.map { Spire_Api_Types_Entry($0) } })
        return answer.results.map { ItemResult($0.status, entry: entry($0.hasEntry ? $0.entry : nil)) }
    }

    func deleteEntries(_ ids: [String]) async throws -> [ItemResult] {
        try await api.entries.batchDeleteEntry(.with { $0.ids = ids }).results.map { ItemResult($0.status) }
    }

    private func entry(_ proto: Spire_Api_Types_Entry?) -> Entry? {
        proto.flatMap { try? Entry($0, trustDomain: trustDomain) }
    }

    // MARK: - Federation

    func relationships() async throws -> [FederationPlanner.Present] {
        var relationships: [FederationPlanner.Present] = []
        var token = ""
        repeat {
            let page = try await api.trustDomains.listFederationRelationships(
                .with {
                    $0.pageSize = 200
                    $0.pageToken = token
                })
            for proto in page.federationRelationships {
                let bundle = proto.hasTrustDomainBundle ? try BundleRecord(received: proto.trustDomainBundle) : nil
                relationships.append(.init(relationship: try FederationRelationship(proto), bundle: bundle?.bundle))
            }
            token = page.nextPageToken
        } while !token.isEmpty
        return relationships
    }

    func createRelationships(_ changes: [FederationPlan.Change]) async throws -> [ItemResult] {
        let protos = try changes.map(Self.proto)
        return try await api.trustDomains.batchCreateFederationRelationship(
            .with { $0.federationRelationships = protos }
        ).results.map { ItemResult($0.status) }
    }

    func updateRelationships(_ changes: [FederationPlan.Change]) async throws -> [ItemResult] {
        let protos = try changes.map(Self.proto)
        return try await api.trustDomains.batchUpdateFederationRelationship(
            .with { $0.federationRelationships = protos }
        ).results.map { ItemResult($0.status) }
    }

    func deleteRelationships(_ trustDomains: [TrustDomain]) async throws -> [ItemResult] {
        try await api.trustDomains.batchDeleteFederationRelationship(
            .with { $0.trustDomains = trustDomains.map(\.name) }
        ).results.map { ItemResult($0.status) }
    }

    func setBundles(_ bundles: [SPIFFEBundle]) async throws -> [ItemResult] {
        let protos = try bundles.map { try Spire_Api_Types_Bundle(BundleRecord($0)) }
        return try await api.bundles.batchSetFederatedBundle(.with { $0.bundle = protos }).results.map {
            ItemResult($0.status)
        }
    }

    private static func proto(_ change: FederationPlan.Change) throws -> Spire_Api_Types_FederationRelationship {
        try Spire_Api_Types_FederationRelationship(change.relationship, bundle: change.bundle.map { BundleRecord($0) })
    }
}
