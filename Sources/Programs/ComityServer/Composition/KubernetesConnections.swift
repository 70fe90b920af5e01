// SPDX-License-Identifier: Apache-2.0

package import ComityKubernetes
import FoundationEssentials
package import Logging
import ServiceLifecycle
import Synchronization

/// The Kubernetes clusters that one server asks: a client for each, made when it is first needed, so that a cluster that
/// cannot be reached or is not configured costs only what needs it.
package final class KubernetesConnections: Service {
    private let userAgent: String
    private let logger: Logger
    private let clients = Mutex<[String?: KubernetesClient]>([:])

    package init(version: String, logger: Logger) {
        userAgent = "comity-server/\(version.isEmpty ? "dev" : version)"
        self.logger = logger
    }

    /// - Parameter kubeconfigPath: `nil` for the cluster that the server runs in.
    package func client(kubeconfigPath: String?) throws(KubernetesError) -> KubernetesClient {
        try clients.withLock { clients throws(KubernetesError) in
            if let known = clients[kubeconfigPath] { return known }
            let environment = ProcessInfo.processInfo.environment
            let configuration =
                if let kubeconfigPath {
                    try ClusterConfiguration.kubeconfig(path: kubeconfigPath, environment: environment)
                } else {
                    try ClusterConfiguration.inCluster(environment: environment)
                }
            let client = try KubernetesClient(configuration, userAgent: userAgent, logger: logger)
            clients[kubeconfigPath] = client
            return client
        }
    }

    /// Closes the connections once the server stops.
    package func run() async throws {
        try? await gracefulShutdown()
        for client in clients.withLock({ $0 }).values { await client.shutdown() }
    }
}
