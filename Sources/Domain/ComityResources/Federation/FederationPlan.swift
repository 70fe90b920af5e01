// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// What is to be done so that the server has the relationships that are declared.
package struct FederationPlan: Hashable, Sendable {
    package struct Change: Hashable, Sendable {
        package var relationship: FederationRelationship
        /// Sent along for the beginning, or because what is declared takes its place; `nil` leaves what is stored.
        package var bundle: SPIFFEBundle?
    }

    package var creates: [Change] = []
    package var updates: [Change] = []
    /// Only the bundle: the relationship is as it should be, or there is to be none.
    package var bundles: [SPIFFEBundle] = []
    package var deletes: [TrustDomain] = []
    /// Undeclared, but left for now for the reason.
    package var withheld: [TrustDomain] = []
    package var withholding: EntryPlan.Withholding?
    /// Made by others just as they are declared: ours from now on.
    package var adoptions: [TrustDomain] = []
    /// Whose bundles go with their resources, which is to be remembered.
    package var dissolvable: Set<TrustDomain> = []
    /// Whose bundles go now.
    package var dissolves: [TrustDomain] = []
    /// The names of resources that are not in force though nothing is wrong with them, and why.
    package var conflicts: [String: FederationConflict] = [:]
    /// What is in force for each trust domain.
    package var inForce: [TrustDomain: ClusterFederatedTrustDomain] = [:]

    package init() {}
}
