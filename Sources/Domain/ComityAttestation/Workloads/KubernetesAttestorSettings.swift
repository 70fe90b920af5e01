// SPDX-License-Identifier: Apache-2.0

/// How `k8s` asks the kubelet of its node, and what it tells of a pod.
package struct KubernetesAttestorSettings: Hashable, Sendable {
    package static let defaultPort = 10250
    package static let defaultNodeNameVariable = "MY_NODE_NAME"
    package static let defaultAuthorityPath = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt"
    package static let defaultTokenPath = "/var/run/secrets/kubernetes.io/serviceaccount/token"

    /// What the agent shows the kubelet.
    package enum Credential: Hashable, Sendable {
        case token(path: String)
        case certificate(path: String, keyPath: String)
        case none
    }

    package enum Connection: Hashable, Sendable {
        /// Without TLS, on this machine only.
        case plain(port: Int)
        /// - Parameter authorityPath: Whose certificates the kubelet's must be of; `nil` believes any.
        case secure(port: Int, authorityPath: String?, Credential)
    }

    package var connection = Connection.secure(
        port: defaultPort, authorityPath: defaultAuthorityPath, .token(path: defaultTokenPath))
    /// What the kubelet is called by; without a name it is asked on the loopback interface, whatever its certificate names.
    package var nodeName: String?
    /// The variable of the environment that names the node, where the settings do not.
    package var nodeNameVariable = defaultNodeNameVariable
    /// How often the kubelet is asked until it knows a container that has just started.
    package var maximumAttempts = 60
    package var retryInterval = Duration.milliseconds(500)
    /// Whether the container gets selectors of its own, and must be known for those of its pod.
    package var tellsContainers = true

    package init() {}
}
