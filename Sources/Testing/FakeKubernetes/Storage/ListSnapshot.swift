// SPDX-License-Identifier: Apache-2.0

/// The objects of a type at one version, in the order of their names.
struct ListSnapshot: Sendable {
    let resource: GroupResource
    let version: UInt64
    let objects: [StoredObject]
}
