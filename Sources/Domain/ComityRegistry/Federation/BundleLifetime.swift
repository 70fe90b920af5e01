// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// How long a bundle is of use if it is never refreshed. JWT authorities carry no end and do not count.
package struct BundleLifetime: Hashable, Sendable {
    /// When the first X.509 authority ends: from then on some SVIDs may fail. `nil` without X.509 authorities.
    package let firstExpiry: Date?
    /// When the last X.509 authority has ended: from then on every X509-SVID fails. `nil` without X.509 authorities.
    package let usableUntil: Date?

    package init(of bundle: SPIFFEBundle) {
        let ends = bundle.x509Authorities.map(\.end)
        firstExpiry = ends.min()
        usableUntil = ends.max()
    }
}
