// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityResources
import ComityTelemetry
import FoundationEssentials
import Logging
import ServiceLifecycle

/// A controller whose resources are custom resources of a Kubernetes cluster.
struct ClusterController: Sendable {
    /// So that many changes at once become one pass, and statuses are not written with each.
    private static let spacing = Duration.milliseconds(100)
    private static let statusSpacing = Duration.seconds(1)

    private let configuration: ControllerConfiguration
    private let client: KubernetesClient
    private let caches: ClusterCaches
    private let elector: LeaderElector?
    private let recorder: EventRecorder
    private let statuses: StatusWriter
    private let entries: EntryReconciler?
    private let relationships: FederationReconciler?
    private let logger: Logger

    private let entryTrigger = Trigger()
    private let federationTrigger = Trigger()
    private let entryStatusTrigger = Trigger()
    private let federationStatusTrigger = Trigger()

    /// - Parameters:
    ///   - names: With the cluster's domain.
    ///   - hasEndpointSlices: Whether the API knows them.
    ///   - printer: Set for a dry run.
    init(
        _ configuration: ControllerConfiguration, _ client: KubernetesClient, _ names: ClusterNames,
        hasEndpointSlices: Bool, host: String, logger: Logger, printer: PlanPrinter?
    ) throws {
        self.configuration = configuration
        self.client = client
        self.logger = logger
        let caches = ClusterCaches(client, configuration, hasEndpointSlices: hasEndpointSlices)
        self.caches = caches
        let namespace = configuration.leaderElection.namespace
        let ownNamespace = namespace.isEmpty ? client.configuration.namespace : namespace
        let elector = try Self.elector(configuration, client, host: host, namespace: ownNamespace)
        self.elector = printer == nil ? elector : nil
        recorder = EventRecorder(client, component: "comity-controller", instance: host)
        statuses = StatusWriter(client, recorder, logger: logger)
        let door = ServerSocket(path: configuration.serverSocketPath, trustDomain: configuration.trustDomain)
        let ownership = configuration.ownership(
            fallback: ConfigMapOwnership(client, namespace: ownNamespace, owner: configuration.owner))
        let mayAct: @Sendable () -> Bool = { [elector = self.elector] in elector?.isLeader ?? true }
        let needsEntries = caches.pods != nil || caches.staticEntries != nil
        entries =
            needsEntries
            ? EntryReconciler(
                configuration.entryPlanner, door: door, ownership: ownership,
                declarations: ClusterEntries(caches, configuration, names),
                ignoresDeletionLimit: configuration.allowsMassDeletion, listInterval: configuration.gcInterval,
                mayAct: mayAct, logger: logger, printer: printer) : nil
        relationships = caches.federatedTrustDomains.map { group in
            FederationReconciler(
                configuration.federationPlanner, door: door, ownership: ownership,
                declarations: ClusterFederation(
                    client: client, group: group, rule: configuration.classRule,
                    trustDomain: configuration.trustDomain),
                ignoresDeletionLimit: configuration.allowsMassDeletion, mayAct: mayAct, logger: logger,
                printer: printer)
        }
    }

    private static func elector(
        _ configuration: ControllerConfiguration, _ client: KubernetesClient, host: String, namespace: String
    ) throws -> LeaderElector? {
        let election = configuration.leaderElection
        guard election.isOn else { return nil }
        return try LeaderElector(
            client,
            LeaderSettings(
                namespace: namespace, name: election.name, identity: "\(host)_\(UUID().uuidString.lowercased())",
                leaseDuration: election.leaseDuration, renewDeadline: election.renewDeadline,
                retryPeriod: election.retryPeriod))
    }

    // MARK: - Working

    /// Works until it is asked to stop.
    func run(_ onEvent: @escaping @Sendable (ControllerEvent) async -> Void) async throws {
        let health = ControllerHealth(configuration, checks, logger: logger, onEvent: onEvent)
        let metrics = ControllerMetrics(configuration, logger: logger, onEvent: onEvent) { await readings }
        try await withThrowingTaskGroup { group in
            let works: [@Sendable () async throws -> Void] = [
                { _ = try await health?.run() }, { _ = try await metrics?.run() }, { try await recorder.run() },
                { try await caches.run(entries: entryTrigger, federation: federationTrigger) },
                { _ = try await elector?.run() }, { await followLeadership() },
            ]
            for work in works {
                group.addTask {
                    try await work()
                    return false
                }
            }
            group.addTask {
                await reconcile()
                return true
            }
            defer { group.cancelAll() }
            for try await isEnd in group where isEnd { return }
        }
    }

    private func reconcile() async {
        await withTaskGroup { loops in
            if let entries {
                loops.addTask {
                    await loop(entryTrigger, Self.spacing) {
                        await entries.pass()
                        entryStatusTrigger.pull()
                    }
                }
                loops.addTask {
                    await loop(entryStatusTrigger, Self.statusSpacing) {
                        // Before a pass has gone through, nothing is known that an object should say.
                        guard mayWrite, entries.state.report.successes > 0 else { return }
                        await statuses.write(await entries.outcomes)
                    }
                }
            }
            if let relationships {
                loops.addTask {
                    await loop(federationTrigger, Self.spacing) {
                        await relationships.pass()
                        federationStatusTrigger.pull()
                    }
                }
                loops.addTask {
                    await loop(federationStatusTrigger, Self.statusSpacing) {
                        guard mayWrite, relationships.state.report.successes > 0 else { return }
                        await statuses.write(await relationships.outcomes)
                    }
                }
            }
        }
    }

    private var mayWrite: Bool { elector?.isLeader ?? true }

    private func loop(
        _ trigger: Trigger, _ spacing: Duration, _ work: @escaping @Sendable () async -> Void
    ) async {
        var loop = PassLoop(trigger: trigger, interval: configuration.gcInterval)
        loop.spacing = spacing
        await loop.run(work)
    }

    /// Whoever begins to lead looks at everything anew.
    private func followLeadership() async {
        guard let elector else { return }
        for await isLeader in elector.changes where isLeader {
            await entries?.begin()
            entryTrigger.pull()
            federationTrigger.pull()
        }
    }

    // MARK: - Dry run

    /// - Throws: Why a plan cannot be made.
    func printPlans() async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await caches.run(entries: entryTrigger, federation: federationTrigger) }
            group.addTask { try await waitForCaches() }
            defer { group.cancelAll() }
            try await group.next()
        }
        await entries?.pass()
        await relationships?.pass()
        let failure = [entries?.state, relationships?.state].lazy.compactMap { $0?.report.failure }.first
        if let failure { throw ControllerError(.server, "the plan cannot be made: \(failure)") }
    }

    private func waitForCaches() async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !caches.all.allSatisfy(\.isComplete) {
            guard ContinuousClock.now < deadline else {
                let missing = caches.all.compactMap { group in group.failure.map { "\(group.type.plural): \($0)" } }
                throw ControllerError(
                    .cluster, "the cluster cannot be read whole: \(missing.joined(separator: "; "))")
            }
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    // MARK: - Telling

    private var checks: [HealthCheck] {
        var checks = [
            HealthCheck("kubernetes") {
                var missing: [String: String] = [:]
                for group in caches.all { missing[group.type.plural] = group.failure }
                return HealthStatus(isLive: true, isReady: missing.isEmpty, details: missing)
            }
        ]
        let isStandby: @Sendable () -> Bool = { [elector] in !(elector?.isLeader ?? true) }
        if let entries { checks.append(ControllerHealth.check("entries", entries.state, isStandby: isStandby)) }
        if let relationships {
            checks.append(ControllerHealth.check("federation", relationships.state, isStandby: isStandby))
        }
        return checks
    }

    private var readings: [MetricReading] {
        get async {
            let readings = [MetricReading(.leader, (elector?.isLeader ?? true) ? 1 : 0)]
            return readings + (await ControllerMetrics.readings(entries, relationships))
        }
    }
}
