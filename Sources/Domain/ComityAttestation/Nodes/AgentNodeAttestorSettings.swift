// SPDX-License-Identifier: Apache-2.0

/// The way in which an agent is told to prove its node.
package enum AgentNodeAttestorSettings: Hashable, Sendable {
    /// The token itself stands in the agent's own section.
    case joinToken
    case x509pop(X509PopAgentSettings)
    case sshpop(SSHPopAgentSettings)
    case httpChallenge(HTTPChallengeAgentSettings)
    case kubernetesToken(PSATAgentSettings)

    /// As in the configuration.
    package var name: String {
        switch self {
        case .joinToken: "join_token"
        case .x509pop: "x509pop"
        case .sshpop: "sshpop"
        case .httpChallenge: "http_challenge"
        case .kubernetesToken: "k8s_psat"
        }
    }
}
