// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import SPIFFE

/// Which services a pod backs, by what EndpointSlices or Endpoints say.
struct ServiceIndex: Sendable {
    private struct Backing: Sendable {
        var version: String
        var service: String
        var pods: Set<String>
    }

    private var backings: [ObjectKey: Backing] = [:]
    /// How many objects say so, by pod and service: a service may have several slices.
    private var services: [String: [String: Int]] = [:]

    func services(of pod: String) -> Set<String> {
        services[pod].map { Set($0.keys) } ?? []
    }

    /// - Returns: The UIDs of pods whose services may have changed.
    mutating func update(_ group: CacheGroup) -> Set<String> {
        var gone = Set(backings.keys)
        var new: [(ObjectKey, Backing)] = []
        group.forEach { key, object in
            gone.remove(key)
            let version = object["metadata"]?["resourceVersion"]?.string ?? ""
            guard backings[key]?.version != version else { return }
            let backing = Backing(
                version: version, service: object["service"]?.string ?? "",
                pods: Set((object["pods"]?.array ?? []).compactMap(\.string)))
            new.append((key, backing))
        }
        var changed: Set<String> = []
        for key in gone { changed.formUnion(put(nil, key)) }
        for (key, backing) in new { changed.formUnion(put(backing, key)) }
        return changed
    }

    private mutating func put(_ backing: Backing?, _ key: ObjectKey) -> Set<String> {
        let before = backings[key]
        backings[key] = backing
        let isSameService = before?.service == backing?.service
        let (old, new) = (before?.pods ?? [], backing?.pods ?? [])
        guard !(isSameService && old == new) else { return [] }
        if let service = before?.service, !service.isEmpty { for pod in old { count(-1, service, of: pod) } }
        if let service = backing?.service, !service.isEmpty { for pod in new { count(1, service, of: pod) } }
        return isSameService ? old.symmetricDifference(new) : old.union(new)
    }

    private mutating func count(_ amount: Int, _ service: String, of pod: String) {
        let count = (services[pod]?[service] ?? 0) + amount
        services[pod, default: [:]][service] = count > 0 ? count : nil
        if services[pod]?.isEmpty ?? false { services[pod] = nil }
    }
}
