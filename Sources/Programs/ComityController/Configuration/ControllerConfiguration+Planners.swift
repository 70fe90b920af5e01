// SPDX-License-Identifier: Apache-2.0

import ComityResources

extension ControllerConfiguration {
    var entryPlanner: EntryPlanner {
        var planner = EntryPlanner(clusterName: clusterName, idPrefix: entryIDPrefix)
        planner.cleanupPrefix = entryIDPrefixCleanup
        planner.deletesForeignEntries = deletesForeign
        planner.maximumDeletedShare = maximumDeletedShare
        return planner
    }

    var federationPlanner: FederationPlanner {
        var planner = FederationPlanner()
        planner.deletesForeignRelationships = deletesForeign
        planner.maximumDeletedShare = maximumDeletedShare
        return planner
    }

    /// Where it is recorded what this controller made, when the server cannot tell.
    var fallbackOwnership: any OwnershipRecord {
        ownershipPath.map { FileOwnership(path: $0, owner: owner) } ?? MemoryOwnership()
    }
}
