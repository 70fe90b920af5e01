// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTransport
import SPIFFE

extension FederationFailure {
    /// A failure on the way from the endpoint, in SPIRE's words.
    static func fetching(_ class: Class, _ message: String) -> FederationFailure {
        FederationFailure(`class`, "failed to fetch federated bundle from endpoint: \(message)")
    }

    /// The request could not be sent or its answer not be had.
    static func transport(_ class: Class, _ url: BundleEndpointURL, _ message: String) -> FederationFailure {
        .fetching(`class`, "failed to fetch bundle: Get \"\(ForeignText(url.description))\": \(message)")
    }

    static func noBundle(of trustDomain: TrustDomain) -> FederationFailure {
        FederationFailure(
            .noBundle,
            "can't perform SPIFFE Authentication: local copy of bundle not found: "
                + "set the bundle of \"\(trustDomain)\" once by 'bundle set -id \(trustDomain)'")
    }

    /// Tells a name that does not resolve from an address that does not answer, be it the endpoint's or its proxy's.
    static func connecting(to url: BundleEndpointURL, by proxy: ProxyServer?, _ error: any Error) -> FederationFailure {
        let failure = ConnectionFailure(error)
        let way = proxy == nil ? "" : "proxyconnect tcp: "
        let host = proxy?.host ?? url.host
        guard failure.class != .name else {
            return .transport(.dns, url, "\(way)dial tcp: lookup \(host): \(failure.reason)")
        }
        let address = failure.address?.description ?? proxy?.description ?? "\(url.host):\(url.port)"
        return .transport(.connect, url, "\(way)dial tcp \(address): connect: \(failure.reason)")
    }
}
