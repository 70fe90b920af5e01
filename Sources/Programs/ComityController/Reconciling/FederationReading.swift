// SPDX-License-Identifier: Apache-2.0

package import ComityResources
package import SPIFFE

/// What is declared of federation, and how well it could be read.
package struct FederationReading: Sendable {
    /// Those that this controller handles and that can be used.
    package var resources: [ClusterFederatedTrustDomain] = []
    /// Named by resources that cannot be used.
    package var unreadable: Set<TrustDomain> = []
    package var hasReadAll = true
    package var problems: [Problem] = []

    package init() {}
}
