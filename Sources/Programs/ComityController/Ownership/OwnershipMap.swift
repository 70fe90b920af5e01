// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import Crypto
import SPIFFE

/// One of the ConfigMaps that hold what controllers made: a key for each controller, so that of two that claim the same
/// thing one sees that it was late.
struct OwnershipMap: Sendable {
    /// The maps by number: a ConfigMap holds 1 MiB, which 30,000 entries exceed.
    static let count = 16

    let number: Int
    /// As it was read; `nil` when it is not there yet.
    private let object: JSONValue?
    private var owners: [String: (name: String, owned: Owned)]

    /// - Throws: ``ControllerError`` with code `ownership` when a record in it is damaged.
    init(_ number: Int, _ object: JSONValue?) throws(ControllerError) {
        self.number = number
        self.object = object
        owners = [:]
        for member in object?["data"]?.object?.members ?? [] {
            let record = member.value.string.flatMap { text in
                try? JSONValue(parsing: Array(text.utf8), maximumBytes: 2 << 20)
            }
            guard let record, let owner = record["owner"]?.string, Self.key(owner) == member.name else {
                throw ControllerError(
                    .ownership,
                    "ConfigMap \(Self.name(number)) has a damaged record under \(member.name.quoted); mend it, or delete "
                        + "that key to begin anew")
            }
            owners[member.name] = (owner, Owned(record))
        }
    }

    static func name(_ number: Int) -> String {
        "comity-controller-owned-\(CollectionOfOne(UInt8(number)).hex.dropFirst())"
    }

    /// What goes into which map.
    static func parts(of objects: Owned) -> [Int: Owned] {
        var parts: [Int: Owned] = [:]
        for id in objects.entryIDs { parts[number(of: id), default: Owned()].entryIDs.insert(id) }
        for domain in objects.trustDomains {
            parts[number(of: domain.name), default: Owned()].trustDomains.insert(domain)
        }
        return parts
    }

    var exists: Bool { object != nil }

    func owned(by owner: String) -> Owned? {
        owners[Self.key(owner)]?.owned
    }

    /// - Returns: What others have claimed before.
    mutating func claim(_ objects: Owned, by owner: String) -> Owned {
        var refused = Owned()
        for (key, other) in owners where key != Self.key(owner) {
            refused.entryIDs.formUnion(other.owned.entryIDs.intersection(objects.entryIDs))
            refused.trustDomains.formUnion(other.owned.trustDomains.intersection(objects.trustDomains))
        }
        var own = objects
        own.remove(refused)
        var owned = owned(by: owner) ?? Owned()
        owned.add(own)
        owners[Self.key(owner)] = (owner, owned)
        return refused
    }

    mutating func release(_ objects: Owned, by owner: String) {
        guard var owned = owned(by: owner) else { return }
        owned.remove(objects)
        owners[Self.key(owner)] = (owner, owned)
    }

    /// The ConfigMap to write; what others put into it besides records stays, and so does the version that was read.
    func json(namespace: String) -> JSONValue {
        var members =
            object?.object ?? [
                "metadata": [
                    "name": .string(Self.name(number)), "namespace": .string(namespace),
                    "labels": ["app.kubernetes.io/managed-by": "comity-controller"],
                ]
            ]
        var data = JSONObject()
        for (key, value) in owners.sorted(by: { $0.key < $1.key }) {
            data[key] = .string(String(decoding: value.owned.json(owner: value.name).bytes(), as: UTF8.self))
        }
        members["data"] = .object(data)
        return .object(members)
    }

    private static func number(of text: String) -> Int {
        Int(Array(SHA256.hash(data: Array(text.utf8)))[0] >> 4)
    }

    /// Keys of ConfigMaps may have few characters, names of clusters may have others.
    private static func key(_ owner: String) -> String {
        String(Array(SHA256.hash(data: Array(owner.utf8))).hex.prefix(16))
    }
}
