// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Which federation relationships a server takes.
package struct RelationshipPolicy: Hashable, Sendable {
    private let trustDomain: TrustDomain

    /// - Parameter trustDomain: the server's own.
    package init(trustDomain: TrustDomain) {
        self.trustDomain = trustDomain
    }

    /// Looks at the parts of a relationship, and at the bundle that came with it.
    ///
    /// - Throws: ``RegistryError`` with code `invalidArgument`.
    package func check(
        _ relationship: FederationRelationship, bundle: BundleRecord? = nil
    ) throws(RegistryError) {
        _ = try BundleEndpointURL(relationship.bundleEndpointURL)
        if let bundle, bundle.trustDomain != relationship.trustDomain {
            throw RegistryError(
                .invalidArgument,
                """
                trust domain bundle ("\(bundle.trustDomain)") must match the trust domain of the federation \
                relationship ("\(relationship.trustDomain)")
                """)
        }
    }

    /// - Throws: ``RegistryError`` with code `invalidArgument` for the server's own trust domain.
    package func checkIsForeign(_ relationship: FederationRelationship) throws(RegistryError) {
        guard relationship.trustDomain != trustDomain else {
            throw RegistryError(
                .invalidArgument, "unable to create federation relationship for server trust domain")
        }
    }
}
