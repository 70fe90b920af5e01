// SPDX-License-Identifier: Apache-2.0

/// A file that always holds the own bundle.
package struct BundleFileSettings: Hashable, Sendable {
    package enum Format: Hashable, Sendable {
        /// The SPIFFE bundle document.
        case spiffe
        /// A JWK Set of the JWT authorities.
        case jwks
        /// The X.509 authorities.
        case pem
    }

    package var path: String
    package var format: Format
    /// In seconds; in the SPIFFE bundle document only.
    package var refreshHint: Int64?

    package init(path: String, format: Format, refreshHint: Int64? = nil) {
        self.path = path
        self.format = format
        self.refreshHint = refreshHint
    }
}
