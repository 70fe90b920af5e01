// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import ComityResources
package import SPIFFE

/// What a server has of federation, and how it fares.
package struct ServerFederation: Sendable {
    /// The dynamic ones.
    package var relationships: [FederationPlanner.Present] = []
    /// All foreign bundles that are stored.
    package var bundles: [TrustDomain: SPIFFEBundle] = [:]
    /// What polling has taught; `nil` when the server cannot tell.
    package var polling: [TrustDomain: FederationStatus]?
    /// With which the server's configuration file has a relationship.
    package var configured: Set<TrustDomain> = []

    package init() {}
}
