// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// Every bundle that the agent knows at one moment.
package struct KnownBundles: Hashable, Sendable {
    /// Of the own trust domain.
    package var own: SPIFFEBundle
    package var federated: BundleSet

    package init(own: SPIFFEBundle, federated: BundleSet) {
        self.own = own
        self.federated = federated
    }
}
