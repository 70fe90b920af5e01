// SPDX-License-Identifier: Apache-2.0

package import SPIFFE

/// What a starting agent tells.
package enum AgentEvent: Hashable, Sendable {
    /// The agent has its own identity, be it new or kept.
    case identified(SPIFFEID)
    /// Workloads are answered on this socket.
    case servingWorkloads(path: String)
    case servingHealth(port: Int)
    case servingMetrics(port: Int)
}
