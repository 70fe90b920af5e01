// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import Crypto
import SPIFFE
import Synchronization

/// Records in ConfigMaps, for a cluster beside a server that has no such service. A ConfigMap holds 1 MiB, so that
/// entries are spread over sixteen by the first digit of their ID.
final class ConfigMapOwnership: OwnershipRecord {
    private static let label = "comity.spiffe.io/owner"
    private static let fieldManager = "comity-controller"
    private static let relationships = "relationships"
    private static let digits = Set("0123456789abcdef")

    private let client: KubernetesClient
    private let namespace: String
    private let owner: String
    /// Of the owner's name, which may hold what names of objects may not.
    private let digest: String
    private let shards = Mutex<[String: Set<String>]>([:])

    init(_ client: KubernetesClient, namespace: String, owner: String) {
        self.client = client
        self.namespace = namespace
        self.owner = owner
        digest = Array(SHA256.hash(data: Array(owner.utf8)).prefix(8)).hex
    }

    func load() async throws -> Owned? {
        let list = try await client.list(
            .configMaps, namespace: namespace, ObjectSelection(labels: "\(Self.label)=\(digest)"))
        var read: [String: Set<String>] = [:]
        for object in list.items {
            guard let shard = object["data"]?["shard"]?.string, object["data"]?["owner"]?.string == owner else {
                continue
            }
            let names = object["data"]?["names"]?.string ?? ""
            read[shard] = Set(names.split(separator: "\n").map(String.init))
        }
        shards.withLock { $0 = read }
        guard !read.isEmpty else { return nil }
        let trustDomains = read.removeValue(forKey: Self.relationships) ?? []
        return Owned(
            entryIDs: read.values.reduce(into: []) { $0.formUnion($1) },
            trustDomains: Set(trustDomains.compactMap { try? TrustDomain($0) }))
    }

    func claim(_ objects: Owned) async throws -> Owned {
        try await change(objects) { $0.formUnion($1) }
        return Owned()
    }

    func release(_ objects: Owned) async throws {
        try await change(objects) { $0.subtract($1) }
    }

    private func change(_ objects: Owned, _ body: (inout Set<String>, Set<String>) -> Void) async throws {
        var names = Dictionary(grouping: objects.entryIDs, by: Self.shard(of:)).mapValues { Set($0) }
        // Even nothing is written, for it says that the first run is over.
        names[Self.relationships] = Set(objects.trustDomains.map(\.name))
        let known = shards.withLock { $0 }
        for (shard, changed) in names.sorted(by: { $0.key < $1.key }) {
            var all = known[shard] ?? []
            body(&all, changed)
            guard all != known[shard] else { continue }
            try await write(shard, all)
            shards.withLock { $0[shard] = all }
        }
    }

    private func write(_ shard: String, _ names: Set<String>) async throws {
        let name = "comity-owned-\(digest)-\(shard)"
        let object: JSONValue = [
            "metadata": ["name": .string(name), "labels": [Self.label: .string(digest)]],
            "data": [
                "owner": .string(owner), "shard": .string(shard),
                "names": .string(names.sorted().joined(separator: "\n")),
            ],
        ]
        try await client.apply(
            .configMaps, object, name: name, namespace: namespace, fieldManager: Self.fieldManager)
    }

    private static func shard(of id: String) -> String {
        id.lowercased().first.flatMap { digits.contains($0) ? String($0) : nil } ?? "0"
    }
}
