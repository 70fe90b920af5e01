// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityWire
import ComityWorkloads
import FoundationEssentials
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf

typealias DelegatedX509SVIDsRequest = Spire_Api_Agent_Delegatedidentity_V1_SubscribeToX509SVIDsRequest
typealias DelegatedX509SVIDs = Spire_Api_Agent_Delegatedidentity_V1_SubscribeToX509SVIDsResponse
typealias DelegatedX509Bundles = Spire_Api_Agent_Delegatedidentity_V1_SubscribeToX509BundlesResponse
typealias DelegatedJWTBundles = Spire_Api_Agent_Delegatedidentity_V1_SubscribeToJWTBundlesResponse

extension WorkloadUpdate {
    /// Without what nobody may have in a workload's place: identities that administer or sign.
    var delegated: WorkloadUpdate {
        var update = self
        update.identities.removeAll { $0.entry.isAdmin || $0.entry.isDownstream }
        return update
    }
}

extension DelegatedX509SVIDs {
    /// `nil` while there is something to wait for. A workload without identity has an empty message.
    init?(_ update: WorkloadUpdate) {
        guard let identities = update.delegated.signedIdentities else { return nil }
        self.init()
        x509Svids = identities.compactMap { identity in
            guard let svid = identity.svid else { return nil }
            return .with {
                $0.x509Svid.certChain = svid.certificateChain.map { Data($0) }
                $0.x509Svid.id = Spire_Api_Types_SPIFFEID(svid.spiffeID)
                $0.x509Svid.expiresAt = Optional(svid.notAfter).unixSeconds
                $0.x509Svid.hint = identity.entry.hint
                $0.x509SvidKey = Data(svid.privateKey)
            }
        }
        let foreign = identities.reduce(into: Set<TrustDomain>()) { $0.formUnion($1.entry.federatesWith) }
        federatesWith = foreign.sorted().map(\.id.uri)
    }
}

extension DelegatedX509Bundles {
    init(_ bundles: KnownBundles) {
        self.init()
        for bundle in [bundles.own] + bundles.federated.all {
            caCertificates[bundle.trustDomain.id.uri] = bundle.concatenatedAuthorities
        }
    }
}

extension DelegatedJWTBundles {
    init(_ known: KnownBundles) {
        self.init()
        for bundle in [known.own] + known.federated.all {
            bundles[bundle.trustDomain.id.uri] = Data(bundle.jwtKeySet())
        }
    }
}
