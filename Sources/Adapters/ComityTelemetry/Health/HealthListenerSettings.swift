// SPDX-License-Identifier: Apache-2.0

/// Where the state of health is served (`health_checks`).
package struct HealthListenerSettings: Sendable, Hashable {
    package var address: String
    package var port: Int
    package var livePath: String
    package var readyPath: String
    /// The keys of the configuration that address and port come from, for errors.
    package var addressKey: String
    package var portKey: String

    package init(
        address: String = "localhost", port: Int = 80, livePath: String = "/live", readyPath: String = "/ready",
        addressKey: String = "health_checks.bind_address", portKey: String = "health_checks.bind_port"
    ) {
        self.address = address
        self.port = port
        self.livePath = livePath
        self.readyPath = readyPath
        self.addressKey = addressKey
        self.portKey = portKey
    }
}
