// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Something in the registry is no longer as it was. Readers look the new state up.
package enum RegistryChange: Hashable, Sendable {
    case entry(id: String)
    case node(SPIFFEID)
    case bundle(TrustDomain)
    case relationship(TrustDomain)
    /// Changes were dropped or came from outside: read all anew.
    case everything
}
