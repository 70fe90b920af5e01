// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import NIOCore
import NIOPosix
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

    /// Tells a name that does not resolve from an address that does not answer.
    static func connecting(to url: BundleEndpointURL, _ error: any Error) -> FederationFailure {
        guard let failure = error as? NIOConnectionError else {
            return .transport(.connect, url, "dial tcp \(url.authority): \(error)")
        }
        guard let attempt = failure.connectionErrors.first else {
            return .transport(.dns, url, "lookup \(url.host): no such host")
        }
        return .transport(.connect, url, "dial tcp \(attempt.target): \(attempt.error)")
    }
}
