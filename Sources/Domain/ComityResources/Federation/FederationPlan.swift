// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// What is to be done so that the server has the relationships that are declared.
package struct FederationPlan: Hashable, Sendable {
    package struct Change: Hashable, Sendable {
        package var relationship: FederationRelationship
        /// Sent along for the beginning, or because the resource's text is newer; `nil` leaves what is stored.
        package var bundle: SPIFFEBundle?
    }

    package var creates: [Change] = []
    package var updates: [Change] = []
    /// Only the bundle: the relationship is as it should be.
    package var bundles: [SPIFFEBundle] = []
    package var deletes: [TrustDomain] = []
    /// Undeclared, but left for now, as not everything could be read.
    package var withheld: [TrustDomain] = []
    /// The names of resources that lost to an older one for the same trust domain, and the winner's.
    package var conflicts: [String: String] = [:]

    package init() {}
}
