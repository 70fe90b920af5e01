// SPDX-License-Identifier: Apache-2.0

import ComityStorage
import ServiceLifecycle

/// Learns what other servers change in the database that this one shares with them.
struct SharedChanges: Service {
    let store: SQLStore

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.store.followOthers() }
    }
}
