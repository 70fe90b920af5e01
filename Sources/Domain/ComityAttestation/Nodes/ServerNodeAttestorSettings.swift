// SPDX-License-Identifier: Apache-2.0

/// One way to prove nodes that a server is told to accept.
package enum ServerNodeAttestorSettings: Hashable, Sendable {
    case joinToken
    case x509pop(X509PopServerSettings)
    case sshpop(SSHPopServerSettings)
    case httpChallenge(HTTPChallengeServerSettings)
    case kubernetesToken(PSATServerSettings)

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
