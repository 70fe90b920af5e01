// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import SPIFFE
import Synchronization

/// What the registry last said of agents that called, for the time in which it cannot be asked.
///
/// An agent that was banned or deleted when it last called is not let in by this; one that is banned meanwhile, by a server
/// that still reaches the database, is let in until this server reaches it again.
final class RememberedAgents: Sendable {
    private let nodes = Mutex<[SPIFFEID: AttestedNode]>([:])

    func remember(_ node: AttestedNode?, id: SPIFFEID) {
        nodes.withLock { $0[id] = node }
    }

    func node(id: SPIFFEID) -> AttestedNode? {
        nodes.withLock { $0[id] }
    }
}
