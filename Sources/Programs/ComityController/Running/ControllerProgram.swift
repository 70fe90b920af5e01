// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityResources
import ComityTelemetry
package import Logging
import ServiceLifecycle

/// The controller: keeps what custom resources declare and what a server has in step.
package struct ControllerProgram: Service {
    private static let patience = Duration.seconds(5)

    private let configuration: ControllerConfiguration
    private let kubeconfig: String
    private let version: String
    private let environment: [String: String]
    private let logger: Logger
    private let output: @Sendable (String) -> Void
    private let onEvent: @Sendable (ControllerEvent) async -> Void

    /// - Parameters:
    ///   - kubeconfig: A path; empty when the user gave none.
    ///   - output: Where a dry run writes its lines.
    ///   - onEvent: Told each event of the start.
    package init(
        _ configuration: ControllerConfiguration, kubeconfig: String = "", version: String,
        environment: [String: String], logger: Logger,
        output: @escaping @Sendable (String) -> Void = { _ in },
        onEvent: @escaping @Sendable (ControllerEvent) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.kubeconfig = kubeconfig
        self.version = version
        self.environment = environment
        self.logger = logger
        self.output = output
        self.onEvent = onEvent
    }

    /// Works until it is asked to stop, or for one pass when it is a dry run.
    ///
    /// - Throws: Why it cannot begin, or why the one pass of a dry run did not go through.
    package func run() async throws {
        var logger = logger
        logger[.subsystemName] = "setup"
        logger.log(level: .info, "Config loaded", metadata: configuration.effectiveValues)
        guard let path = configuration.staticManifestPath else { return try await runInCluster() }
        let controller = StaticController(configuration, path: path, environment: environment, logger: self.logger)
        if configuration.isDryRun {
            try await controller.printPlans(to: output)
        } else {
            try await controller.run(onEvent)
        }
    }

    private func runInCluster() async throws {
        let cluster = try ClusterConfiguration.automatic(kubeconfigFlag: kubeconfig, environment: environment)
        let client = try KubernetesClient(
            cluster, userAgent: "comity-controller/\(version)", logger: logger.with(.subsystemName, "kubernetes"),
            environment: environment)
        do {
            try await run(with: client)
        } catch {
            await client.shutdown()
            throw error
        }
        await client.shutdown()
    }

    private func run(with client: KubernetesClient) async throws {
        let names = try ClusterNames(
            trustDomain: configuration.trustDomain, clusterName: configuration.clusterName,
            clusterDomain: await clusterDomain, parentIDTemplate: configuration.parentIDTemplate)
        let controller = try ClusterController(
            configuration, client, names, hasEndpointSlices: await hasEndpointSlices(client),
            host: MetricsRegistry.hostName, logger: logger,
            printer: configuration.isDryRun ? PlanPrinter(output) : nil)
        if configuration.isDryRun {
            try await controller.printPlans()
        } else {
            try await controller.run(onEvent)
        }
    }

    private var clusterDomain: String {
        get async {
            if let configured = configuration.clusterDomain { return configured }
            if let detected = await ClusterDomain.detect() { return detected }
            logger.warning(
                "Unable to autodetect the cluster domain",
                metadata: [.reason: "DNS names of services will lack their full form: set clusterDomain"])
            return ""
        }
    }

    /// Older clusters have none, and the roles that upstream's manifests give do not name them. Nobody waits long for the
    /// answer: until then no probe is answered.
    private func hasEndpointSlices(_ client: KubernetesClient) async -> Bool {
        guard configuration.reconciled.clusterSPIFFEIDs else { return true }
        let namespace = configuration.cachedNamespaces.keys.min()
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do throws(KubernetesError) {
                    _ = try await client.list(
                        .endpointSlices, namespace: namespace, ObjectSelection(fields: "metadata.name=none"))
                    return true
                } catch {
                    return !(error.isNotFound || error.isForbidden)
                }
            }
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return true
            }
            defer { group.cancelAll() }
            return await group.next() ?? true
        }
    }
}
