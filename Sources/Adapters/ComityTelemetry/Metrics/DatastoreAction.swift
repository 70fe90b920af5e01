// SPDX-License-Identifier: Apache-2.0

/// What is done with what a datastore keeps, by SPIRE's names.
package enum DatastoreAction: String, Sendable, Hashable, CaseIterable {
    case append, claim, count, create, delete, fetch, list, prune, release, set, update
}
