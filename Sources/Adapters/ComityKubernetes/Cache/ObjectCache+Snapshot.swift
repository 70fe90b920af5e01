// SPDX-License-Identifier: Apache-2.0

public import SPIFFE

extension ObjectCache {
    /// What is known at one moment.
    public struct Snapshot: Sendable {
        /// The objects by namespace and name.
        public internal(set) var objectsByKey: [ObjectKey: JSONValue] = [:]
        /// Whether these are all objects: `false` until the first list has come, and again after a list that failed, be it
        /// that the API no longer has the type.
        public internal(set) var isComplete = false
        /// Why the last attempt failed; `nil` once a later one did not.
        public internal(set) var failure: KubernetesError?

        /// The objects in the order of their keys.
        public var objects: [JSONValue] {
            objectsByKey.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    struct State {
        var snapshot = Snapshot()
        /// What was told to be deleted, and is not believed yet.
        var deleted: Set<ObjectKey> = []
        /// Whether the snapshot is incomplete only because deletions are not believed.
        var isDoubted = false

        mutating func put(_ object: JSONValue, _ key: ObjectKey) {
            snapshot.objectsByKey[key] = object
            deleted.remove(key)
        }

        mutating func fail(_ error: KubernetesError) {
            snapshot.isComplete = false
            snapshot.failure = error
            isDoubted = false
        }

        mutating func doubt(_ error: KubernetesError) {
            guard snapshot.isComplete || isDoubted else { return }
            fail(error)
            isDoubted = true
        }

        /// - Parameter keys: Those of them that no later news contradict are taken away.
        mutating func believe(_ keys: Set<ObjectKey>) {
            for key in keys where deleted.remove(key) != nil { snapshot.objectsByKey[key] = nil }
            guard isDoubted else { return }
            isDoubted = false
            snapshot.isComplete = true
            snapshot.failure = nil
        }
    }
}
