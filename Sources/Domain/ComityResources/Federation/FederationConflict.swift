// SPDX-License-Identifier: Apache-2.0

/// Why a ClusterFederatedTrustDomain is not in force though nothing is wrong with it.
package enum FederationConflict: Hashable, Sendable {
    /// An older resource is for the same trust domain; its name.
    case resource(String)
    /// The server's configuration file has a relationship with the trust domain.
    case configuration
    /// Another controller has claimed the relationship.
    case controller
    /// Somebody made another relationship with the trust domain, by a command or otherwise.
    case relationship

    /// As a condition's reason.
    package var reason: String {
        switch self {
        case .resource: "OlderResource"
        case .configuration: "ServerConfiguration"
        case .controller: "AnotherController"
        case .relationship: "AnotherRelationship"
        }
    }
}

extension FederationConflict: CustomStringConvertible {
    package var description: String {
        switch self {
        case .resource(let name):
            "ClusterFederatedTrustDomain \(name) is older and for the same trust domain: delete one of the two"
        case .configuration:
            "the server's configuration file names this trust domain in federates_with, which wins: delete one of the two"
        case .controller:
            "another controller has claimed the relationship with this trust domain: delete the resource in one of the "
                + "clusters, or give each controller its own server"
        case .relationship:
            "a relationship with this trust domain is there that another made and that differs: delete it by 'federation "
                + "delete -id DOMAIN', or set deletesForeign in the controller's configuration"
        }
    }
}
