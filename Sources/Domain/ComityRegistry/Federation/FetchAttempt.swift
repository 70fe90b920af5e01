// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// One fetch of one partner's bundle. A newer attempt for the partner makes older ones void.
package struct FetchAttempt: Hashable, Sendable {
    package let id: UInt64
    package let relationship: FederationRelationship

    package var trustDomain: TrustDomain { relationship.trustDomain }
}
