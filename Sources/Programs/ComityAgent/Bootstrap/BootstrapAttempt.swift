// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// What an agent tells of itself where it asks for a bundle.
package struct BootstrapAttempt: Hashable, Sendable {
    /// Whether it has forgotten a bundle that no longer fitted its server.
    package var isRepeated: Bool
    /// How many there were before.
    package var number: Int
    package var startedAt: Date
    package var serverAddress: String
    package var serverPort: Int

    package init(
        isRepeated: Bool = false, number: Int = 0, startedAt: Date = Date(), serverAddress: String = "",
        serverPort: Int = 0
    ) {
        self.isRepeated = isRepeated
        self.number = number
        self.startedAt = startedAt
        self.serverAddress = serverAddress
        self.serverPort = serverPort
    }

    /// The parameters of the URL, as SPIRE names them.
    func query(trustDomain: String) -> [(name: String, value: String)] {
        [
            ("spire-attest-mode", isRepeated ? "rebootstrap" : "bootstrap"),
            ("spire-connection-attempts", String(number)), ("spire-attest-start-time", startedAt.formatted(.iso8601)),
            ("spire-server-address", serverAddress), ("spire-server-port", String(serverPort)),
            ("spiffe-trust-domain", trustDomain),
        ]
    }
}
