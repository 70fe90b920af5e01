// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// A bundle as the registry keeps it: the standard's bundle and what only the registry knows of its keys.
package struct BundleRecord: Hashable, Sendable {
    package var bundle: SPIFFEBundle
    /// X.509 authorities that must no longer be trusted for renewal.
    package var taintedX509Authorities: Set<X509Authority> = []
    /// Key IDs of JWT authorities that must no longer be trusted for renewal.
    package var taintedJWTKeyIDs: Set<String> = []
    /// When a JWT authority ends, by key ID. Unknown for foreign keys.
    package var jwtExpirations: [String: Date] = [:]

    package var trustDomain: TrustDomain { bundle.trustDomain }

    package init(_ bundle: SPIFFEBundle) {
        self.bundle = bundle
    }
}
