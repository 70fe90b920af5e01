// SPDX-License-Identifier: Apache-2.0

/// One write to the store.
struct StoreEvent: Sendable {
    let version: UInt64
    let resource: GroupResource
    /// What was there before; `nil` when the object is new.
    let previous: StoredObject?
    /// What is there now; when the object was removed, its last state with the version of the removal.
    let object: StoredObject
    let isRemoval: Bool
}
