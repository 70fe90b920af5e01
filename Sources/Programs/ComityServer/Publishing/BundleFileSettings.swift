// SPDX-License-Identifier: Apache-2.0

/// Which file holds the own bundle, and how.
package struct BundleFileSettings: Hashable, Sendable {
    package var path: String
    package var format: PublishedBundleFormat

    package init(path: String, format: PublishedBundleFormat) {
        self.path = path
        self.format = format
    }
}
