// SPDX-License-Identifier: Apache-2.0

/// What a datastore keeps, by SPIRE's names.
package enum DatastoreTable: String, Sendable, Hashable, CaseIterable {
    case bundle
    /// Ours.
    case federationRelationship = "federation_relationship"
    /// Ours.
    case federationStatus = "federation_status"
    case joinToken = "join_token"
    case node
    /// Ours.
    case ownership
    case registrationEntry = "registration_entry"

    /// What is done with it.
    package var actions: [DatastoreAction] {
        switch self {
        case .bundle: [.append, .count, .create, .delete, .fetch, .list, .set, .update]
        case .federationRelationship: [.claim, .create, .delete, .fetch, .list, .release, .update]
        case .federationStatus: [.delete, .list, .set]
        case .joinToken: [.create, .fetch, .prune]
        case .node: [.count, .create, .delete, .fetch, .list, .update]
        case .ownership: [.claim, .fetch, .list, .release]
        case .registrationEntry: [.count, .create, .delete, .fetch, .list, .prune, .update]
        }
    }
}
