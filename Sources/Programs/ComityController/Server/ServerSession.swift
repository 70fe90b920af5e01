// SPDX-License-Identifier: Apache-2.0

import ComityClient
import ComityRegistry
import ComityResources
import ComityWire
import FoundationEssentials
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

/// A server that was reached over its admin socket.
struct ServerSession: ServerPort {
    /// Fits into the smallest limit for messages that a server may have.
    private static let pageSize: Int32 = 1000
    private static let versionPageSize: Int32 = 5000
    private static let federationPageSize: Int32 = 200

    let api: ServerAPI
    let trustDomain: TrustDomain

    /// - Parameter read: Reads the page of a token, of which the first is empty, and returns that of the next.
    private static func readPages(_ read: (_ token: String) async throws -> String) async throws {
        var token = ""
        repeat { token = try await read(token) } while !token.isEmpty
    }

    // MARK: - Entries

    func entries() async throws -> [Entry] {
        var entries: [Entry] = []
        try await Self.readPages { token in
            let page = try await api.entries.listEntries(
                .with {
                    $0.pageSize = Self.pageSize
                    $0.pageToken = token
                })
            // What this server made for others may not follow our rules; it is none of ours then.
            entries += page.entries.compactMap { try? Entry($0, trustDomain: trustDomain) }
            return page.nextPageToken
        }
        return entries
    }

    func entryVersions() async throws -> [EntryVersion] {
        var versions: [EntryVersion] = []
        try await Self.readPages { token in
            let page = try await api.entries.listEntries(
                .with {
                    $0.pageSize = Self.versionPageSize
                    $0.pageToken = token
                    $0.outputMask.revisionNumber = true
                    $0.outputMask.createdAt = true
                })
            versions += page.entries.map { proto in
                EntryVersion(
                    id: proto.id, revisionNumber: proto.revisionNumber,
                    createdAt: Date(timeIntervalSince1970: Double(proto.createdAt)))
            }
            return page.nextPageToken
        }
        return versions
    }

    func entry(_ id: String) async throws -> Entry? {
        do {
            return try Entry(try await api.entries.getEntry(.with { $0.id = id }), trustDomain: trustDomain)
        } catch let error as RPCError where error.code == .notFound {
            return nil
        }
    }

    func storedBundles() async throws -> StoredBundles {
        var stored: Set<TrustDomain> = []
        try await Self.readPages { token in
            let page = try await api.bundles.listFederatedBundles(
                .with {
                    $0.pageSize = Self.federationPageSize
                    $0.pageToken = token
                    $0.outputMask.sequenceNumber = true
                })
            for bundle in page.bundles { stored.insert(try TrustDomain(bundle.trustDomain)) }
            return page.nextPageToken
        }
        return StoredBundles(stored, areRequired: try await statuses() == nil)
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

    func federation() async throws -> ServerFederation {
        var federation = ServerFederation()
        federation.bundles = try await bundles()
        for relationship in try await relationships() {
            federation.relationships.append(
                .init(relationship: relationship, bundle: federation.bundles[relationship.trustDomain]))
        }
        if let statuses = try await statuses() {
            federation.polling = [:]
            for proto in statuses {
                let status = try FederationStatus(proto)
                federation.polling?[status.trustDomain] = status
                if proto.isStatic { federation.configured.insert(status.trustDomain) }
            }
        }
        return federation
    }

    private func relationships() async throws -> [FederationRelationship] {
        var relationships: [FederationRelationship] = []
        try await Self.readPages { token in
            let page = try await api.trustDomains.listFederationRelationships(
                .with {
                    $0.pageSize = Self.federationPageSize
                    $0.pageToken = token
                    $0.outputMask.bundleEndpointURL = true
                    $0.outputMask.bundleEndpointProfile = true
                })
            for proto in page.federationRelationships { relationships.append(try FederationRelationship(proto)) }
            return page.nextPageToken
        }
        return relationships
    }

    private func bundles() async throws -> [TrustDomain: SPIFFEBundle] {
        var bundles: [TrustDomain: SPIFFEBundle] = [:]
        try await Self.readPages { token in
            let page = try await api.bundles.listFederatedBundles(
                .with {
                    $0.pageSize = Self.federationPageSize
                    $0.pageToken = token
                })
            for proto in page.bundles {
                let bundle = try BundleRecord(received: proto).bundle
                bundles[bundle.trustDomain] = bundle
            }
            return page.nextPageToken
        }
        return bundles
    }

    /// `nil` when the server cannot tell, as SPIRE's cannot.
    private func statuses() async throws -> [Comity_Federation_V1_RelationshipStatus]? {
        do {
            return try await api.federationStatus.listFederationStatus(.init()).relationships
        } catch let error as RPCError where error.code == .unimplemented {
            return nil
        }
    }

    func dissolveBundles(of trustDomains: [TrustDomain]) async throws -> [ItemResult] {
        try await api.bundles.batchDeleteFederatedBundle(
            .with {
                $0.trustDomains = trustDomains.map(\.name)
                $0.mode = .dissociate
            }
        ).results.map { ItemResult($0.status) }
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
