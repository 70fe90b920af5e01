// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Something in the registry that can be claimed, whether it is there or not.
package enum OwnedObject: Hashable, Sendable {
    case entry(id: String)
    case relationship(with: TrustDomain)
    /// The bundle of a foreign trust domain.
    case bundle(of: TrustDomain)
}
