// SPDX-License-Identifier: Apache-2.0

/// How `unix` looks at the executable of a workload.
package struct UnixAttestorSettings: Hashable, Sendable {
    /// Adds the selectors `path` and `sha256`.
    package var discoversPath: Bool
    /// The largest executable that is hashed, in bytes: 0 stands for any, less for no hash at all.
    package var sizeLimit: Int64

    package init(discoversPath: Bool = false, sizeLimit: Int64 = 0) {
        self.discoversPath = discoversPath
        self.sizeLimit = sizeLimit
    }
}
