// SPDX-License-Identifier: Apache-2.0

/// By which token an agent proves its pod in `k8s_psat`.
package struct PSATAgentSettings: Hashable, Sendable {
    package static let defaultTokenPath = "/var/run/secrets/tokens/spire-agent"

    /// What the server calls the cluster.
    package var cluster: String
    package var tokenPath: String

    package init(cluster: String, tokenPath: String = defaultTokenPath) {
        self.cluster = cluster
        self.tokenPath = tokenPath
    }
}
