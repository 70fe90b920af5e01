// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// What the bundle client takes from the configuration.
package struct BundleClientSettings: Sendable {
    package var trustDomain: TrustDomain
    /// From `federates_with`; they win over relationships of the store.
    package var relationships: [FederationRelationship]
    /// Partners whose bundle may hold X.509 roots that other trust domains have too.
    package var domainsWithSharedRoots: Set<TrustDomain>
    /// From 0 up to 1; spreads retries.
    package var random: @Sendable () -> Double = { Double.random(in: 0..<1) }

    package init(
        trustDomain: TrustDomain, relationships: [FederationRelationship] = [],
        domainsWithSharedRoots: Set<TrustDomain> = []
    ) {
        self.trustDomain = trustDomain
        self.relationships = relationships
        self.domainsWithSharedRoots = domainsWithSharedRoots
    }
}
