// SPDX-License-Identifier: Apache-2.0

/// Where an agent answers the server in `http_challenge`.
package struct HTTPChallengeAgentSettings: Hashable, Sendable {
    /// `nil` is the name of the machine.
    package var hostName: String?
    /// Tells agents of one host apart.
    package var agentName = "default"
    /// Where the agent listens; 0 lets the system choose.
    package var port = 0
    /// What the server is told, when something stands between; `nil` is the port itself.
    package var advertisedPort: Int?

    package init() {}
}
