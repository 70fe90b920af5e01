// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// What the bundle client takes from the configuration.
package struct BundleClientSettings: Sendable {
    package var trustDomain: TrustDomain
    /// From `federates_with`; they win over relationships of the store.
    package var relationships: [FederationRelationship]
    /// From 0 up to 1; spreads retries.
    package var random: @Sendable () -> Double = { Double.random(in: 0..<1) }

    package init(trustDomain: TrustDomain, relationships: [FederationRelationship] = []) {
        self.trustDomain = trustDomain
        self.relationships = relationships
    }
}
