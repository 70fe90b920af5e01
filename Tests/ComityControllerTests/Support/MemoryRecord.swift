// SPDX-License-Identifier: Apache-2.0

import ComityController
import Synchronization

/// A record of ownership that outlives a controller.
final class MemoryRecord: OwnershipRecord {
    private let owned: Mutex<Owned?>
    private let others: Owned

    /// - Parameter others: What is claimed by somebody else.
    init(_ owned: Owned? = nil, others: Owned = Owned()) {
        self.owned = Mutex(owned)
        self.others = others
    }

    var now: Owned? { owned.withLock { $0 } }

    func load() async throws -> Owned? { now }

    func claim(_ objects: Owned) async throws -> Owned {
        var own = objects
        own.remove(others)
        owned.withLock { owned in
            var all = owned ?? Owned()
            all.add(own)
            owned = all
        }
        var refused = objects
        refused.remove(own)
        return refused
    }

    func release(_ objects: Owned) async throws {
        owned.withLock { $0?.remove(objects) }
    }
}
