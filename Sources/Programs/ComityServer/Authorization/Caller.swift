// SPDX-License-Identifier: Apache-2.0

package import ComityRegistry
package import SPIFFE

/// Who called, and what that makes them.
///
/// Handlers find theirs as `Caller.current`; the authorization interceptor has set it.
package struct Caller: Sendable {
    /// The caller of the RPC that the current task works on; nobody outside of an RPC.
    @TaskLocal package static var current = Caller()

    /// Came by the server's own Unix socket.
    package var isLocal = false
    package var isAdminByConfiguration = false
    /// An entry with the caller's ID says so.
    package var isAdminByEntry = false
    /// An entry with the caller's ID says so.
    package var isDownstream = false
    /// The caller's node, set when the call was authorized because an active agent made it.
    package var agent: AttestedNode?

    /// Proven by a client certificate.
    package var id: SPIFFEID?
    /// For logs.
    package var address = ""
    /// What rate limits go by; `nil` for local callers.
    package var ipAddress: String?

    package var isAdmin: Bool { isAdminByConfiguration || isAdminByEntry }
    package var agentID: SPIFFEID? { agent?.id }

    package init() {}

    /// A caller at the server's own Unix socket.
    package static var local: Caller {
        var caller = Caller()
        caller.isLocal = true
        return caller
    }

    /// An active agent.
    package static func agent(_ node: AttestedNode) -> Caller {
        var caller = Caller()
        caller.agent = node
        caller.id = node.id
        return caller
    }
}
