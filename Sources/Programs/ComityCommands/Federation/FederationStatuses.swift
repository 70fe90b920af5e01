// SPDX-License-Identifier: Apache-2.0

import ComityClient
import FoundationEssentials
import GRPCCore
import ServerAPIProtos

/// What a server knows of its relationships beyond SPIRE's API; nothing when it is SPIRE's.
struct FederationStatuses {
    /// `nil` when the server cannot tell.
    private let known: [Comity_Federation_V1_RelationshipStatus]?
    private let now: Int64

    /// Relationships that are told of without this knowledge are better than none, so this never fails.
    init(_ api: ServerAPI) async {
        let answer = try? await api.federationStatus.listFederationStatus(
            Comity_Federation_V1_ListFederationStatusRequest())
        self.init(answer?.relationships, now: Int64(Date().timeIntervalSince1970))
    }

    init(_ known: [Comity_Federation_V1_RelationshipStatus]?, now: Int64) {
        self.known = known
        self.now = now
    }

    /// The relationships that only the configuration file has.
    func configured(besides listed: [Spire_Api_Types_FederationRelationship])
        -> [Comity_Federation_V1_RelationshipStatus]
    {
        let names = Set(listed.map(\.trustDomain))
        return (known ?? []).filter { $0.isStatic && !names.contains($0.trustDomain) }
    }

    func status(of trustDomain: String) -> Comity_Federation_V1_RelationshipStatus? {
        known?.first { $0.trustDomain == trustDomain }
    }

    func lines(of trustDomain: String) -> String {
        FederationText.statusLines(status(of: trustDomain), now: now)
    }
}
