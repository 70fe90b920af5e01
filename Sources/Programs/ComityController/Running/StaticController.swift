// SPDX-License-Identifier: Apache-2.0

import ComityResources
import ComityTelemetry
import Logging
import ServiceLifecycle

/// A controller whose resources are manifests in a folder, for a server without a cluster.
struct StaticController: Sendable {
    private let configuration: ControllerConfiguration
    private let declarations: ManifestDeclarations
    private let door: any ServerDoor
    private let ownership: Ownership
    private let logger: Logger

    init(_ configuration: ControllerConfiguration, path: String, environment: [String: String], logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        declarations = ManifestDeclarations(
            folder: ManifestFolder(
                path: path, environment: configuration.expandsStaticManifests ? environment : nil),
            classRule: configuration.classRule, trustDomain: configuration.trustDomain)
        door = ServerSocket(path: configuration.serverSocketPath, trustDomain: configuration.trustDomain)
        ownership = configuration.ownership(
            fallback: configuration.ownershipPath.map { FileOwnership(path: $0, owner: configuration.owner) }
                ?? MemoryOwnership())
    }

    /// Works until it is asked to stop.
    func run(_ onEvent: @escaping @Sendable (ControllerEvent) async -> Void) async throws {
        let (entries, relationships) = (entryReconciler(nil), federationReconciler(nil))
        var checks: [HealthCheck] = []
        if let entries { checks.append(ControllerHealth.check("entries", entries.state)) }
        if let relationships { checks.append(ControllerHealth.check("federation", relationships.state)) }
        let health = ControllerHealth(configuration, checks, logger: logger, onEvent: onEvent)
        let metrics = ControllerMetrics(configuration, logger: logger, onEvent: onEvent) {
            await ControllerMetrics.readings(entries, relationships)
        }
        try await withThrowingTaskGroup { group in
            // Probes are answered until the reconcilers have ended, and end them when they cannot be.
            group.addTask {
                try await health?.run()
                return false
            }
            group.addTask {
                try await metrics?.run()
                return false
            }
            group.addTask {
                await withTaskGroup { loops in
                    if let entries { loops.addTask { await loop { await entries.pass() } } }
                    if let relationships { loops.addTask { await loop { await relationships.pass() } } }
                }
                return true
            }
            defer { group.cancelAll() }
            for try await isEnd in group where isEnd { return }
        }
    }

    /// - Throws: Why a plan cannot be made.
    func printPlans(to output: @escaping @Sendable (String) -> Void) async throws {
        let printer = PlanPrinter(output)
        var states: [PassState] = []
        if let entries = entryReconciler(printer) {
            await entries.pass()
            states.append(entries.state)
        }
        if let relationships = federationReconciler(printer) {
            await relationships.pass()
            states.append(relationships.state)
        }
        if let failure = states.compactMap(\.report.failure).first {
            throw ControllerError(.server, "the plan cannot be made: \(failure)")
        }
    }

    private func loop(_ pass: @escaping @Sendable () async -> Void) async {
        await PassLoop(trigger: Trigger(), interval: configuration.gcInterval).run(pass)
    }

    private func entryReconciler(_ printer: PlanPrinter?) -> EntryReconciler? {
        guard configuration.reconciled.clusterStaticEntries else { return nil }
        return EntryReconciler(
            configuration.entryPlanner, door: door, ownership: ownership, declarations: declarations,
            ignoresDeletionLimit: configuration.allowsMassDeletion, logger: logger, printer: printer)
    }

    private func federationReconciler(_ printer: PlanPrinter?) -> FederationReconciler? {
        guard configuration.reconciled.clusterFederatedTrustDomains else { return nil }
        return FederationReconciler(
            configuration.federationPlanner, door: door, ownership: ownership,
            declarations: declarations, ignoresDeletionLimit: configuration.allowsMassDeletion, logger: logger,
            printer: printer)
    }
}
