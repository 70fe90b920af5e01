// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
package import ComityResources
import ComityTelemetry
package import Logging
package import SPIFFE

/// Keeps the federation relationships of a server as they are declared.
package actor FederationReconciler {
    private let trustDomain: TrustDomain
    private let planner: FederationPlanner
    private let door: any ServerDoor
    private let ownership: Ownership
    private let declarations: any FederationDeclarations
    private let ignoresDeletionLimit: Bool
    private let logger: Logger
    private let printer: PlanPrinter?
    package nonisolated let state = PassState()

    private var problems = ProblemLog()
    /// Why a relationship is not as it is declared.
    private var failures: [TrustDomain: String] = [:]

    /// - Parameters:
    ///   - trustDomain: The server's own.
    ///   - printer: Set for a dry run, which prints the plan and writes nothing.
    package init(
        _ planner: FederationPlanner, of trustDomain: TrustDomain, door: any ServerDoor, ownership: Ownership,
        declarations: any FederationDeclarations, ignoresDeletionLimit: Bool = false, logger: Logger,
        printer: PlanPrinter? = nil
    ) {
        self.trustDomain = trustDomain
        self.planner = planner
        self.door = door
        self.ownership = ownership
        self.declarations = declarations
        self.ignoresDeletionLimit = ignoresDeletionLimit
        self.logger = logger.with(.subsystemName, "federation relationship-reconciler")
        self.printer = printer
    }

    /// Brings the server in step, as far as it lets itself be.
    package func pass() async {
        let start = ContinuousClock.now
        do {
            let withheld = try await door.withServer { server in try await pass(server) }
            state.passed(after: ContinuousClock.now - start, withheld: withheld)
        } catch let error as PassError {
            fail(error.message, error.cause, since: start)
        } catch {
            fail("Failed to reach the server", error, since: start)
        }
    }

    private func fail(_ message: Logger.Message, _ error: any Error, since start: ContinuousClock.Instant) {
        let isNews = state.report.failure != "\(error)"
        state.failed("\(error)", after: ContinuousClock.now - start)
        logger.failure(message, error, level: isNews ? .error : .debug)
    }

    /// - Returns: How many deletions were withheld.
    private func pass(_ server: any ServerPort) async throws -> Int {
        let current = try await PassError.naming("Failed to list federation relationships") {
            try await server.relationships()
        }
        let reading = declarations.read()
        let owned = try await PassError.naming("Failed to read what this controller owns") {
            try await ownership.owned()
        }
        var circumstances = FederationPlanner.Circumstances()
        circumstances.owned = owned.trustDomains
        circumstances.unreadable = reading.unreadable
        circumstances.hasReadAll = reading.hasReadAll
        circumstances.ignoresDeletionLimit = ignoresDeletionLimit
        let declared = reading.resources.filter { $0.relationship.trustDomain != trustDomain }
        let plan = planner.plan(declared: declared, current: current, circumstances)
        problems.tell(reading.problems + found(plan, reading), logger)
        if let printer {
            printer.print(plan)
        } else {
            try await apply(plan, server, Dictionary(grouping: current, by: \.relationship.trustDomain))
        }
        return plan.withheld.count
    }

    private func found(_ plan: FederationPlan, _ reading: FederationReading) -> [Problem] {
        var problems: [Problem] = []
        for resource in reading.resources where resource.relationship.trustDomain == trustDomain {
            problems.append(
                Problem(
                    .error, "Ignoring invalid ClusterFederatedTrustDomain",
                    [
                        .clusterFederatedTrustDomain: resource.metadata.name,
                        .error: "spec.trustDomain is the trust domain of this server itself; name the partner's",
                    ]))
        }
        for (loser, winner) in plan.conflicts {
            problems.append(
                Problem(
                    .info, "Ignoring ClusterFederatedTrustDomain with conflicting trust domain",
                    [.clusterFederatedTrustDomain: loser, .conflictWith: winner]))
        }
        for trustDomain in plan.taken {
            problems.append(
                Problem(
                    .warning, "Leaving a federation relationship that another made",
                    [
                        .trustDomainKey: trustDomain.name,
                        .reason: "it differs from the ClusterFederatedTrustDomain: delete it, or set deletesForeign",
                    ]))
        }
        if let reason = plan.withholding {
            let names = plan.withheld.map(\.name).joined(separator: ",")
            problems.append(
                Problem(
                    .warning, "Federation relationships that nobody declares any more are not deleted",
                    [.trustDomainKey: names, .reason: reason.explanation]))
        }
        return problems
    }

    // MARK: - Acting

    private func apply(
        _ plan: FederationPlan, _ server: any ServerPort, _ current: [TrustDomain: [FederationPlanner.Present]]
    ) async throws {
        try await delete(plan.deletes, server, current)
        let refused = try await claim(plan)
        let creates = plan.creates.filter { !refused.contains($0.relationship.trustDomain) }
        for batch in creates.batches(of: 50) {
            let results = try await PassError.naming("Failed to create federation relationships") {
                try await server.createRelationships(batch)
            }
            tell("Created federation relationship", "Failed to create federation relationship", batch, results)
        }
        for batch in plan.updates.batches(of: 50) {
            let results = try await PassError.naming("Failed to update federation relationships") {
                try await server.updateRelationships(batch)
            }
            tell("Updated federation relationship", "Failed to update federation relationship", batch, results)
        }
        try await set(plan.bundles.filter { !refused.contains($0.trustDomain) }, server)
    }

    private func delete(
        _ trustDomains: [TrustDomain], _ server: any ServerPort, _ current: [TrustDomain: [FederationPlanner.Present]]
    ) async throws {
        for batch in trustDomains.batches(of: 200) {
            let results = try await PassError.naming("Failed to delete federation relationships") {
                try await server.deleteRelationships(batch)
            }
            var gone: Set<TrustDomain> = []
            for (trustDomain, result) in zip(batch, results) {
                let fields = current[trustDomain]?.first.map { Self.fields($0.relationship) } ?? [:]
                guard result.isDone || result.isMissing else {
                    refused("Failed to delete federation relationship", trustDomain, result.message, fields)
                    continue
                }
                gone.insert(trustDomain)
                failures[trustDomain] = nil
                if result.isDone { logger.info("Deleted federation relationship", metadata: fields) }
            }
            await ownership.release(Owned(trustDomains: gone))
        }
    }

    /// - Returns: Those that another controller claims.
    private func claim(_ plan: FederationPlan) async throws -> Set<TrustDomain> {
        let wanted = Set(plan.creates.map(\.relationship.trustDomain) + plan.adoptions)
        guard !wanted.isEmpty else { return [] }
        let refused = try await PassError.naming("Failed to record what this controller owns") {
            try await ownership.claim(Owned(trustDomains: wanted)).trustDomains
        }
        for change in plan.creates where refused.contains(change.relationship.trustDomain) {
            self.refused(
                "Failed to create federation relationship", change.relationship.trustDomain,
                "another controller has claimed it", Self.fields(change.relationship))
        }
        return refused
    }

    private func set(_ bundles: [SPIFFEBundle], _ server: any ServerPort) async throws {
        for batch in bundles.batches(of: 50) {
            let results = try await PassError.naming("Failed to set bundles") { try await server.setBundles(batch) }
            for (bundle, result) in zip(batch, results) {
                let fields: Logger.Fields = [.trustDomainKey: "\(bundle.trustDomain)"]
                guard result.isDone else {
                    refused("Failed to set bundle", bundle.trustDomain, result.message, fields)
                    continue
                }
                failures[bundle.trustDomain] = nil
                logger.info("Set bundle", metadata: fields)
            }
        }
    }

    private func tell(
        _ success: Logger.Message, _ failure: Logger.Message, _ batch: [FederationPlan.Change],
        _ results: [ItemResult]
    ) {
        for (change, result) in zip(batch, results) {
            let fields = Self.fields(change.relationship)
            guard result.isDone else {
                refused(failure, change.relationship.trustDomain, result.message, fields)
                continue
            }
            failures[change.relationship.trustDomain] = nil
            logger.info(success, metadata: fields)
        }
    }

    /// Tried again with every pass, told when it is news.
    private func refused(
        _ message: Logger.Message, _ trustDomain: TrustDomain, _ reason: String, _ fields: Logger.Fields
    ) {
        let isNews = failures.updateValue(reason, forKey: trustDomain) != reason
        logger.log(
            level: isNews ? .error : .debug, message, metadata: fields.merging([.error: "\(reason)"]) { $1 })
    }

    private static func fields(_ relationship: FederationRelationship) -> Logger.Fields {
        var fields: Logger.Fields = [
            .trustDomainKey: "\(relationship.trustDomain)",
            .declaredEndpointURL: "\(relationship.bundleEndpointURL)",
            .declaredEndpointProfile: "\(relationship.profile.name)",
        ]
        if case .httpsSPIFFE(let id) = relationship.profile { fields[.declaredEndpointID] = "\(id)" }
        return fields
    }
}
