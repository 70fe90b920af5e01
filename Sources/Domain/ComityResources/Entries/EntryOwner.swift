// SPDX-License-Identifier: Apache-2.0

/// A resource that declares entries, by its name.
package enum EntryOwner: Hashable, Sendable {
    case clusterSPIFFEID(String)
    case clusterStaticEntry(String)
}
