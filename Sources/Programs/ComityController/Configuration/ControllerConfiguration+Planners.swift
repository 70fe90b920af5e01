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

    /// Where it is recorded what this controller made.
    ///
    /// - Parameter fallback: For a server that has no such service.
    func ownership(fallback: any OwnershipRecord) -> Ownership {
        Ownership(ServerOwnership(socketPath: serverSocketPath, owner: owner, fallback: fallback))
    }
}
