// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// Something that an operator can read in the log.
package enum BundleClientNotice: Hashable, Sendable {
    case managed(FederationRelationship)
    case updated(FederationRelationship)
    case noLongerManaged(TrustDomain)
    case noLongerPolling(TrustDomain)
    case polling(TrustDomain)
    case refreshed(TrustDomain, changed: Bool, next: Date)
    case failed(TrustDomain, FederationFailure)
    case scheduled(TrustDomain, at: Date)
    /// A static and a dynamic relationship name the same trust domain; the static one is in force.
    case shadowed(TrustDomain)
    /// The server's own trust domain cannot be a partner.
    case ownTrustDomain(TrustDomain)
}
