// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry

/// An entry that a custom resource asks for.
package struct DeclaredEntry: Hashable, Sendable {
    /// The resource that asks.
    package var owner: ResourceMetadata
    package var entry: Entry

    package init(owner: ResourceMetadata, entry: Entry) {
        self.owner = owner
        self.entry = entry
    }
}
