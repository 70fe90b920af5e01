// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Where the bundle of a foreign trust domain comes from and how its endpoint proves itself.
package struct FederationRelationship: Hashable, Sendable {
    package enum Profile: Hashable, Sendable {
        /// The endpoint is authenticated by Web PKI and host name (Federation §5.2.1).
        case httpsWeb
        /// The endpoint is authenticated by its X509-SVID (Federation §5.2.2).
        case httpsSPIFFE(endpointID: SPIFFEID)
    }

    package var trustDomain: TrustDomain
    /// An `https` URL.
    package var bundleEndpointURL: String
    package var profile: Profile

    package init(trustDomain: TrustDomain, bundleEndpointURL: String, profile: Profile) {
        self.trustDomain = trustDomain
        self.bundleEndpointURL = bundleEndpointURL
        self.profile = profile
    }
}

extension FederationRelationship.Profile {
    /// As configuration files, commands and logs write it.
    package var name: String {
        switch self {
        case .httpsWeb: "https_web"
        case .httpsSPIFFE: "https_spiffe"
        }
    }
}
