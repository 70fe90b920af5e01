// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
package import Logging
package import SPIFFE
import Synchronization

/// A key of a ConfigMap that always holds the own bundle.
package final class BundleConfigMap: BundleTarget {
    private static let fieldManager = "comity-server"

    private let settings: BundleConfigMapSettings
    private let connections: KubernetesConnections
    /// Of the ConfigMap as this server left it.
    private let version = Mutex<String?>(nil)

    package var pluginName: String { "k8s_configmap" }
    package var place: Logger.Metadata {
        [
            "cluster_id": "\(settings.cluster)", "namespace": "\(settings.namespace)", "configmap": "\(settings.name)",
            "key": "\(settings.key)",
        ]
    }

    package init(_ settings: BundleConfigMapSettings, connections: KubernetesConnections) {
        self.settings = settings
        self.connections = connections
    }

    /// Applies it whether it changed or not: the API server writes nothing when it is as it should be, so that what
    /// others changed is put right without the right to read it.
    package func publish(_ bundle: SPIFFEBundle) async throws -> Bool {
        let object: JSONValue = [
            "metadata": ["name": .string(settings.name), "namespace": .string(settings.namespace)],
            "data": .object([settings.key: .string(settings.format.text(of: bundle))]),
        ]
        let applied: JSONValue
        do throws(KubernetesError) {
            applied = try await connections.client(kubeconfigPath: settings.kubeconfigPath).apply(
                .configMaps, object, name: settings.name, namespace: settings.namespace,
                fieldManager: Self.fieldManager)
        } catch {
            throw ServerError(
                .kubernetes, "failed to apply ConfigMap for cluster \(settings.cluster.quoted): \(error.message)")
        }
        let now = applied["metadata"]?["resourceVersion"]?.string
        return version.withLock { version in
            defer { version = now }
            return version == nil || version != now
        }
    }
}
