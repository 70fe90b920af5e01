// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import SPIFFE

/// Records in ConfigMaps of the controller's namespace, for a server that keeps no such record, as SPIRE's does not.
struct ConfigMapOwnership: OwnershipRecord {
    /// How often a map is read again because another controller wrote it meanwhile.
    private static let maximumAttempts = 8

    private let client: KubernetesClient
    private let namespace: String
    private let owner: String

    init(_ client: KubernetesClient, namespace: String, owner: String) {
        self.client = client
        self.namespace = namespace
        self.owner = owner
    }

    func load() async throws -> Owned? {
        var found: Owned?
        for number in 0..<OwnershipMap.count {
            guard let owned = try await read(number).owned(by: owner) else { continue }
            var all = found ?? Owned()
            all.add(owned)
            found = all
        }
        return found
    }

    func claim(_ objects: Owned) async throws -> Owned {
        var refused = Owned()
        // Claiming nothing is written, too.
        let parts = objects.isEmpty ? [0: objects] : OwnershipMap.parts(of: objects)
        for (number, part) in parts.sorted(by: { $0.key < $1.key }) {
            refused.add(try await change(number) { $0.claim(part, by: owner) })
        }
        return refused
    }

    func release(_ objects: Owned) async throws {
        for (number, part) in OwnershipMap.parts(of: objects).sorted(by: { $0.key < $1.key }) {
            try await change(number) { $0.release(part, by: owner) }
        }
    }

    private func read(_ number: Int) async throws -> OwnershipMap {
        let object: JSONValue?
        do throws(KubernetesError) {
            object = try await client.get(.configMaps, OwnershipMap.name(number), namespace: namespace)
        } catch {
            guard error.isNotFound else { throw failure(number, "be read", error) }
            object = nil
        }
        return try OwnershipMap(number, object)
    }

    private func change<Result>(_ number: Int, _ body: (inout OwnershipMap) -> Result) async throws -> Result {
        for attempt in 1...Self.maximumAttempts {
            var map = try await read(number)
            let before = map.json(namespace: namespace)
            let result = body(&map)
            let after = map.json(namespace: namespace)
            if after == before { return result }
            do throws(KubernetesError) {
                if map.exists {
                    try await client.replace(.configMaps, after, namespace: namespace)
                } else {
                    try await client.create(.configMaps, after, namespace: namespace)
                }
                return result
            } catch {
                guard error.isConflict, attempt < Self.maximumAttempts else {
                    throw failure(number, "be written", error)
                }
            }
        }
        throw failure(
            number, "be written", KubernetesError(status: 409, reason: "Conflict", "others write it all the time"))
    }

    private func failure(_ number: Int, _ what: String, _ error: KubernetesError) -> ControllerError {
        ControllerError(
            .ownership,
            "ConfigMap \(namespace)/\(OwnershipMap.name(number)) of what this controller made cannot \(what)",
            cause: error)
    }
}
