// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE

/// What makes two entries the same one: not their lifetimes, flags and names.
struct EntryKey: Hashable {
    private let spiffeID: SPIFFEID
    private let parentID: SPIFFEID
    private let selectors: Set<Selector>

    init(_ entry: Entry) {
        spiffeID = entry.spiffeID
        parentID = entry.parentID
        selectors = entry.selectors
    }
}
