// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityWorkloads
import FoundationEssentials
import SPIFFE
import WorkloadAPIProtos

extension WorkloadUpdate {
    /// `nil` while there is something to wait for.
    var x509SVIDResponse: Workload_X509SVIDResponse? {
        guard let identities = signedIdentities else { return nil }
        var response = Workload_X509SVIDResponse()
        let ownBundle = bundle.concatenatedAuthorities
        response.svids = identities.compactMap { identity in
            guard let svid = identity.svid else { return nil }
            var message = Workload_X509SVID()
            message.spiffeID = svid.spiffeID.uri
            message.x509Svid = Data(svid.certificateChain.joined())
            message.x509SvidKey = Data(svid.privateKey)
            message.bundle = ownBundle
            message.hint = identity.entry.hint
            return message
        }
        for foreign in federatedBundles.all {
            response.federatedBundles[foreign.trustDomain.id.uri] = foreign.concatenatedAuthorities
        }
        return response
    }

    var x509BundlesResponse: Workload_X509BundlesResponse {
        var response = Workload_X509BundlesResponse()
        for bundle in [bundle] + federatedBundles.all {
            response.bundles[bundle.trustDomain.id.uri] = bundle.concatenatedAuthorities
        }
        return response
    }

    var jwtBundlesResponse: Workload_JWTBundlesResponse {
        var response = Workload_JWTBundlesResponse()
        for bundle in [bundle] + federatedBundles.all {
            response.bundles[bundle.trustDomain.id.uri] = Data(bundle.jwtKeySet())
        }
        return response
    }
}

extension BundleSet {
    var all: [SPIFFEBundle] {
        trustDomains.compactMap { self[$0] }
    }
}

extension SPIFFEBundle {
    /// The X.509 authorities as the Workload API sends them.
    var concatenatedAuthorities: Data {
        Data(x509Authorities.flatMap(\.derBytes))
    }
}
