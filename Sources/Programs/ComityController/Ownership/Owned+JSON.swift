// SPDX-License-Identifier: Apache-2.0

import SPIFFE

extension Owned {
    /// As ``json(owner:)`` writes it.
    init(_ json: JSONValue) {
        self.init(
            entryIDs: Set((json["entryIDs"]?.array ?? []).compactMap(\.string)),
            trustDomains: Set(
                (json["trustDomains"]?.array ?? []).compactMap { $0.string.flatMap { try? TrustDomain($0) } }))
    }

    /// With the name of the controller that calls these its own.
    func json(owner: String) -> JSONValue {
        [
            "owner": .string(owner), "entryIDs": .array(entryIDs.sorted().map { .string($0) }),
            "trustDomains": .array(trustDomains.sorted().map { .string($0.name) }),
        ]
    }
}
