// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
package import ComityResources
import ComityTelemetry
package import Logging
package import SPIFFE

/// Keeps the federation relationships of a server as they are declared.
package actor FederationReconciler {
    /// An object as it was read, and what is known of it after a pass.
    package typealias Outcome = (object: JSONValue, facts: FederatedTrustDomainFacts)

    private let planner: FederationPlanner
    private let door: any ServerDoor
    private let ownership: Ownership
    private let declarations: any FederationDeclarations
    private let ignoresDeletionLimit: Bool
    private let mayAct: @Sendable () -> Bool
    private let logger: Logger
    private let printer: PlanPrinter?
    package nonisolated let state = PassState()

    private var problems = ProblemLog()
    /// Why something is not as it is declared.
    private var failures: [TrustDomain: String] = [:]
    /// Relationships that another controller calls its own.
    private var claimedByOthers: Set<TrustDomain> = []
    /// Digests of the bundles that resources declared when last looked at.
    private var declaredDigests: [String: String] = [:]
    /// What the last pass that went through found.
    package private(set) var outcomes: [Outcome] = []

    /// - Parameters:
    ///   - mayAct: Asked before each pass; false when another process leads.
    ///   - printer: Set for a dry run, which prints the plan and writes nothing.
    package init(
        _ planner: FederationPlanner, door: any ServerDoor, ownership: Ownership,
        declarations: any FederationDeclarations, ignoresDeletionLimit: Bool = false,
        mayAct: @escaping @Sendable () -> Bool = { true }, logger: Logger, printer: PlanPrinter? = nil
    ) {
        self.planner = planner
        self.door = door
        self.ownership = ownership
        self.declarations = declarations
        self.ignoresDeletionLimit = ignoresDeletionLimit
        self.mayAct = mayAct
        self.logger = logger.with(.subsystemName, "federation relationship-reconciler")
        self.printer = printer
    }

    /// Brings the server in step, as far as it lets itself be.
    package func pass() async {
        guard mayAct() else { return }
        await state.follow(logger) {
            try await door.withServer { server in try await pass(server) }
        }
    }

    /// - Returns: How many deletions were withheld.
    private func pass(_ server: any ServerPort) async throws -> Int {
        let present = try await PassError.naming("Failed to list federation relationships") {
            try await server.federation()
        }
        let reading = await declarations.read()
        let owned = try await PassError.naming("Failed to read what this controller owns") {
            try await ownership.owned()
        }
        guard mayAct() else { return 0 }
        let plan = planner.plan(
            declared: reading.resources, current: present.relationships, circumstances(reading, present, owned))
        problems.tell(found(plan, reading), logger)
        var bundles = present.bundles
        if let printer {
            printer.print(plan)
        } else {
            let relationships = Dictionary(
                present.relationships.map { ($0.relationship.trustDomain, $0.relationship) },
                uniquingKeysWith: { first, _ in first })
            try await apply(plan, server, relationships, &bundles)
            try await remember(plan, owned)
        }
        for resource in plan.inForce.values { declaredDigests[resource.metadata.name] = resource.bundle?.digest }
        outcomes = reading.items.map { ($0.object, facts($0, plan, present, bundles)) }
        return plan.withheld.count
    }

    private func circumstances(
        _ reading: FederationReading, _ present: ServerFederation, _ owned: Owned
    ) -> FederationPlanner.Circumstances {
        var circumstances = FederationPlanner.Circumstances()
        circumstances.owned = owned.trustDomains
        // What its owner has deleted meanwhile may be claimed by others.
        claimedByOthers.formIntersection(present.relationships.map(\.relationship.trustDomain))
        circumstances.claimedByOthers = claimedByOthers
        circumstances.dissolvable = owned.dissolvable
        circumstances.configured = present.configured
        circumstances.bundles = present.bundles
        circumstances.polling = present.polling ?? [:]
        circumstances.unreadable = reading.unreadable
        circumstances.hasReadAll = reading.hasReadAll
        circumstances.ignoresDeletionLimit = ignoresDeletionLimit
        for item in reading.items {
            circumstances.remembered[item.name] =
                item.object["status"]?["declaredBundleDigest"]?.string ?? declaredDigests[item.name]
        }
        return circumstances
    }

    // MARK: - Telling

    private func found(_ plan: FederationPlan, _ reading: FederationReading) -> [Problem] {
        var problems = reading.problems
        for item in reading.items {
            switch item.content {
            case .refused(let error):
                problems.append(
                    Problem(
                        .error, "Ignoring invalid ClusterFederatedTrustDomain",
                        [.clusterFederatedTrustDomain: item.name, .error: error.message]))
            case .unselected(let reason):
                problems.append(
                    Problem(
                        .info, "Leaving a resource of another class",
                        [.clusterFederatedTrustDomain: item.name, .reason: reason]))
            case .usable(let resource):
                problems += resource.warnings.map {
                    Problem(
                        .warning, "ClusterFederatedTrustDomain can be used, but is not as it should be",
                        [.clusterFederatedTrustDomain: item.name, .reason: $0])
                }
            }
        }
        for (name, conflict) in plan.conflicts {
            if case .resource(let winner) = conflict {
                problems.append(
                    Problem(
                        .info, "Ignoring ClusterFederatedTrustDomain with conflicting trust domain",
                        [.clusterFederatedTrustDomain: name, .conflictWith: winner]))
            } else {
                problems.append(
                    Problem(
                        .warning, "Leaving what another has made",
                        [.clusterFederatedTrustDomain: name, .reason: conflict.description]))
            }
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

    private func facts(
        _ item: FederationReading.Item, _ plan: FederationPlan, _ present: ServerFederation,
        _ bundles: [TrustDomain: SPIFFEBundle]
    ) -> FederatedTrustDomainFacts {
        var facts: FederatedTrustDomainFacts
        switch item.content {
        case .unselected(let reason): return FederatedTrustDomainFacts(.unselected(reason))
        case .refused(let error): facts = FederatedTrustDomainFacts(.refused(error))
        case .usable(let resource):
            let standing: FederatedTrustDomainFacts.Standing =
                if let conflict = plan.conflicts[item.name] {
                    .conflict(conflict)
                } else if let failure = failures[resource.trustDomain] {
                    .failed(failure)
                } else {
                    .inForce
                }
            facts = FederatedTrustDomainFacts(standing, resource: resource)
        }
        facts.tellsPolling = present.polling != nil
        let named = facts.resource?.trustDomain ?? ClusterFederatedTrustDomain.trustDomain(of: item.object)
        guard let trustDomain = named else { return facts }
        facts.bundle = bundles[trustDomain]
        facts.polling = present.polling?[trustDomain]
        return facts
    }

    // MARK: - Acting

    /// In the order of the upstream controller.
    private func apply(
        _ plan: FederationPlan, _ server: any ServerPort, _ current: [TrustDomain: FederationRelationship],
        _ bundles: inout [TrustDomain: SPIFFEBundle]
    ) async throws {
        try await delete(plan.deletes, server, current)
        let refused = try await claim(plan)
        for batch in plan.creates.filter({ !refused.contains($0.relationship.trustDomain) }).batches(of: 50) {
            let results = try await PassError.naming("Failed to create federation relationships") {
                try await server.createRelationships(batch)
            }
            tell(
                "Created federation relationship", "Failed to create federation relationship", batch, results, &bundles)
        }
        for batch in plan.updates.filter({ !refused.contains($0.relationship.trustDomain) }).batches(of: 50) {
            let results = try await PassError.naming("Failed to update federation relationships") {
                try await server.updateRelationships(batch)
            }
            tell(
                "Updated federation relationship", "Failed to update federation relationship", batch, results, &bundles)
        }
        try await set(plan.bundles.filter { !refused.contains($0.trustDomain) }, server, &bundles)
        try await dissolve(plan.dissolves, server, &bundles)
    }

    private func delete(
        _ trustDomains: [TrustDomain], _ server: any ServerPort, _ current: [TrustDomain: FederationRelationship]
    ) async throws {
        for batch in trustDomains.batches(of: 200) {
            let results = try await PassError.naming("Failed to delete federation relationships") {
                try await server.deleteRelationships(batch)
            }
            var gone: Set<TrustDomain> = []
            for (trustDomain, result) in zip(batch, results) {
                let fields = current[trustDomain].map(Self.fields) ?? [:]
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
        claimedByOthers.formUnion(refused)
        for trustDomain in refused {
            self.refused(
                "Failed to create federation relationship", trustDomain, FederationConflict.controller.description,
                [.trustDomainKey: "\(trustDomain)"])
        }
        return refused
    }

    private func set(
        _ declared: [SPIFFEBundle], _ server: any ServerPort, _ bundles: inout [TrustDomain: SPIFFEBundle]
    ) async throws {
        for batch in declared.batches(of: 50) {
            let results = try await PassError.naming("Failed to set bundles") { try await server.setBundles(batch) }
            for (bundle, result) in zip(batch, results) {
                let fields: Logger.Fields = [.trustDomainKey: "\(bundle.trustDomain)"]
                guard result.isDone else {
                    refused("Failed to set bundle", bundle.trustDomain, result.message, fields)
                    continue
                }
                bundles[bundle.trustDomain] = bundle
                failures[bundle.trustDomain] = nil
                logger.info("Set bundle", metadata: fields)
            }
        }
    }

    private func dissolve(
        _ trustDomains: [TrustDomain], _ server: any ServerPort, _ bundles: inout [TrustDomain: SPIFFEBundle]
    ) async throws {
        for batch in trustDomains.batches(of: 50) {
            let results = try await PassError.naming("Failed to delete bundles") {
                try await server.dissolveBundles(of: batch)
            }
            for (trustDomain, result) in zip(batch, results) {
                let fields: Logger.Fields = [.trustDomainKey: "\(trustDomain)"]
                guard result.isDone || result.isMissing else {
                    refused("Failed to delete bundle", trustDomain, result.message, fields)
                    continue
                }
                bundles[trustDomain] = nil
                await ownership.release(Owned(dissolving: [trustDomain]))
                if result.isDone { logger.info("Deleted bundle", metadata: fields) }
            }
        }
    }

    /// Records whose bundles go with their resources, for the pass that finds the resource gone.
    private func remember(_ plan: FederationPlan, _ owned: Owned) async throws {
        let new = plan.dissolvable.subtracting(owned.dissolvable)
        if !new.isEmpty {
            _ = try await PassError.naming("Failed to record what this controller owns") {
                try await ownership.claim(Owned(dissolving: new))
            }
        }
        let kept = owned.dissolvable.intersection(plan.inForce.keys).subtracting(plan.dissolvable)
        await ownership.release(Owned(dissolving: kept))
    }

    private func tell(
        _ success: Logger.Message, _ failure: Logger.Message, _ batch: [FederationPlan.Change],
        _ results: [ItemResult], _ bundles: inout [TrustDomain: SPIFFEBundle]
    ) {
        for (change, result) in zip(batch, results) {
            let (trustDomain, fields) = (change.relationship.trustDomain, Self.fields(change.relationship))
            guard result.isDone else {
                refused(failure, trustDomain, result.message, fields)
                continue
            }
            if let bundle = change.bundle { bundles[trustDomain] = bundle }
            failures[trustDomain] = nil
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
