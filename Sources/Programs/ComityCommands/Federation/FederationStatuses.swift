// SPDX-License-Identifier: Apache-2.0

import ComityClient
import FoundationEssentials
import GRPCCore
import ServerAPIProtos
import SwiftProtobuf

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
    func configured(
        besides listed: [Spire_Api_Types_FederationRelationship]
    ) -> [Spire_Api_Types_FederationRelationship] {
        let names = Set(listed.map(\.trustDomain))
        return (known ?? []).filter { $0.isStatic && !names.contains($0.trustDomain) }.map(Self.relationship)
    }

    private func status(of trustDomain: String) -> Comity_Federation_V1_RelationshipStatus? {
        known?.first { $0.trustDomain == trustDomain }
    }

    /// A relationship of the configuration file in the form of SPIRE's API, which does not tell of it.
    func configuredRelationship(with trustDomain: String) -> Spire_Api_Types_FederationRelationship? {
        status(of: trustDomain).flatMap { $0.isStatic ? Self.relationship($0) : nil }
    }

    static func relationship(
        _ status: Comity_Federation_V1_RelationshipStatus
    ) -> Spire_Api_Types_FederationRelationship {
        .with {
            $0.trustDomain = status.trustDomain
            $0.bundleEndpointURL = status.bundleEndpointURL
            switch status.bundleEndpointProfile {
            case "https_web": $0.httpsWeb = Spire_Api_Types_HTTPSWebProfile()
            case "https_spiffe": $0.httpsSpiffe.endpointSpiffeID = status.endpointSpiffeID
            default: break
            }
        }
    }

    func lines(of trustDomain: String) -> String {
        FederationText.statusLines(status(of: trustDomain), now: now)
    }
}
