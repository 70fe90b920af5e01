// SPDX-License-Identifier: Apache-2.0

/// What entries are declared for.
package enum EntrySource: Hashable, Sendable {
    /// A pod that ClusterSPIFFEIDs select, by its UID.
    case pod(String)
    /// A ClusterStaticEntry, by its name.
    case staticEntry(String)

    /// The resource that declares, where its name alone might be of two kinds.
    func owner(named name: String) -> EntryOwner {
        switch self {
        case .pod: .clusterSPIFFEID(name)
        case .staticEntry: .clusterStaticEntry(name)
        }
    }
}
