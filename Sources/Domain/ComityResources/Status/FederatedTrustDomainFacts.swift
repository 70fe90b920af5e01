// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// All that is known of a ClusterFederatedTrustDomain when its status is written.
package struct FederatedTrustDomainFacts: Sendable {
    /// What became of the resource.
    package enum Standing: Hashable, Sendable {
        /// This controller does not handle its class; says why.
        case unselected(String)
        case refused(ResourceError)
        case conflict(FederationConflict)
        /// The server would not have it; says why.
        case failed(String)
        case inForce
    }

    package var standing: Standing
    /// `nil` when it cannot be read.
    package var resource: ClusterFederatedTrustDomain?
    /// The stored bundle of its trust domain.
    package var bundle: SPIFFEBundle?
    /// What polling has taught; `nil` before the first attempt.
    package var polling: FederationStatus?
    /// Whether the server can tell how polling fares; SPIRE's cannot.
    package var tellsPolling = true

    package init(_ standing: Standing, resource: ClusterFederatedTrustDomain? = nil) {
        self.standing = standing
        self.resource = resource
    }
}
