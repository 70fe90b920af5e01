// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
package import Logging
package import SPIFFE

/// The objects of a cluster that hold the X.509 authorities of the own bundle: a ConfigMap, and on request webhook
/// configurations and API services, which the API server believes by them.
package struct BundleNotifier: BundleTarget {
    private static let attempts = 5

    private let settings: BundleNotifierSettings
    private let connections: KubernetesConnections

    package var pluginName: String { "k8sbundle" }
    package var pluginType: String { "Notifier" }
    package var place: Logger.Metadata {
        ["namespace": "\(settings.namespace)", "configmap": "\(settings.configMap)", "key": "\(settings.configMapKey)"]
    }

    package init(_ settings: BundleNotifierSettings, connections: KubernetesConnections) {
        self.settings = settings
        self.connections = connections
    }

    /// One object that cannot be changed stops none of the others.
    package func publish(_ bundle: SPIFFEBundle) async throws -> Bool {
        let client: KubernetesClient
        do throws(KubernetesError) {
            client = try connections.client(kubeconfigPath: settings.kubeconfigPath)
        } catch {
            throw ServerError(.kubernetes, "unable to update: \(error.message)")
        }
        var report = BundleReport()
        await report.add("\(settings.namespace)/\(settings.configMap)") { () async throws(KubernetesError) in
            try await updateConfigMap(client, bundle.pem)
        }
        if let label = settings.webhookLabel {
            for type in [ResourceType.mutatingWebhookConfigurations, .validatingWebhookConfigurations] {
                await update(type, label, client, &report) { BundlePatch.webhooks($0, pem: bundle.pem) }
            }
        }
        if let label = settings.apiServiceLabel {
            await update(.apiServices, label, client, &report) { BundlePatch.apiService($0, pem: bundle.pem) }
        }
        guard report.failures.isEmpty else {
            throw ServerError(.kubernetes, "unable to update: \(report.failures.joined(separator: ", "))")
        }
        return report.hasWritten
    }

    private func updateConfigMap(_ client: KubernetesClient, _ pem: String) async throws(KubernetesError) -> Bool {
        do throws(KubernetesError) {
            return try await update(.configMaps, settings.configMap, settings.namespace, client) {
                BundlePatch.configMap($0, key: settings.configMapKey, pem: pem)
            }
        } catch {
            guard error.isNotFound else { throw error }
            try await client.create(
                .configMaps,
                [
                    "metadata": ["name": .string(settings.configMap), "namespace": .string(settings.namespace)],
                    "data": .object([settings.configMapKey: .string(pem)]),
                ], namespace: settings.namespace)
            return true
        }
    }

    private func update(
        _ type: ResourceType, _ label: String, _ client: KubernetesClient, _ report: inout BundleReport,
        _ patch: (JSONValue) -> JSONValue?
    ) async {
        let objects: [JSONValue]
        do throws(KubernetesError) {
            objects = try await client.list(type, ObjectSelection(labels: "\(label)=true")).items
        } catch {
            report.failures.append("unable to get list: \(type.plural): \(error.message)")
            return
        }
        for object in objects where patch(object) != nil {
            guard let name = object["metadata"]?["name"]?.string else { continue }
            await report.add("\(type.plural)/\(name)") { () async throws(KubernetesError) in
                try await update(type, name, nil, client, patch)
            }
        }
    }

    /// Reads and changes an object, again when somebody else changed it in between.
    private func update(
        _ type: ResourceType, _ name: String, _ namespace: String?, _ client: KubernetesClient,
        _ patch: (JSONValue) -> JSONValue?
    ) async throws(KubernetesError) -> Bool {
        var attempt = 1
        while true {
            let object = try await client.get(type, name, namespace: namespace)
            guard let patch = patch(object) else { return false }
            do throws(KubernetesError) {
                try await client.mergePatch(type, name: name, namespace: namespace, patch)
                return true
            } catch {
                guard error.isConflict, attempt < Self.attempts else { throw error }
                attempt += 1
            }
        }
    }
}
