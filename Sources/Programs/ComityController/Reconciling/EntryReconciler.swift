// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
package import ComityResources
import ComityTelemetry
import FoundationEssentials
package import Logging

/// Keeps the entries of a server as they are declared: reads, lets the ledger plan, acts, and tells what came of it.
package actor EntryReconciler {
    private let door: any ServerDoor
    private let ownership: Ownership
    private let planner: EntryPlanner
    private let ignoresDeletionLimit: Bool
    private let listInterval: Duration
    private let mayAct: @Sendable () -> Bool
    private let logger: Logger
    private let printer: PlanPrinter?
    package nonisolated let state = PassState()

    package private(set) var ledger: EntryLedger
    private var declarations: any EntryDeclarations
    private var problems = ProblemLog()
    private var withheld: (count: Int, problems: [Problem]) = (0, [])
    private var hasAdopted = false
    /// Another writer made what was to be made here; it may be another process of this controller.
    private var hasBeenForestalled = false
    private var bundles = StoredBundles()
    /// When the server is asked again what it has; `nil` before the first time.
    private var nextList: ContinuousClock.Instant?

    /// Listing everything takes at most so much of the time.
    private static let idleShare = 20
    /// So many changed entries are read one by one; more are cheaper to read with all others.
    private static let maximumSingleReads = 100

    /// - Parameters:
    ///   - listInterval: How long what the server has is believed to be what it had; zero asks it in each pass.
    ///   - mayAct: Asked before each step; false when another process leads.
    ///   - printer: Set for a dry run, which prints the plan and writes nothing.
    package init(
        _ planner: EntryPlanner, door: any ServerDoor, ownership: Ownership, declarations: any EntryDeclarations,
        ignoresDeletionLimit: Bool = false, listInterval: Duration = .zero,
        mayAct: @escaping @Sendable () -> Bool = { true }, logger: Logger, printer: PlanPrinter? = nil
    ) {
        self.planner = planner
        self.door = door
        self.ownership = ownership
        self.declarations = declarations
        self.ignoresDeletionLimit = ignoresDeletionLimit
        self.listInterval = listInterval
        self.mayAct = mayAct
        self.logger = logger.with(.subsystemName, "entry-reconciler")
        self.printer = printer
        ledger = EntryLedger(planner)
    }

    /// What became of each object, as far as the last pass knows.
    package var outcomes: EntryOutcomes { declarations.outcomes(ledger, bundles: bundles.trustDomains) }

    /// Believes nothing of what was known: another process may have led meanwhile.
    package func begin() async {
        nextList = nil
        await ownership.forget()
    }

    /// Brings the server in step, as far as it lets itself be.
    package func pass() async {
        guard mayAct() else { return }
        await state.follow(logger) { try await step() }
    }

    /// - Returns: How many deletions were withheld.
    private func step() async throws -> Int {
        let isListing = nextList.map { $0 <= .now } ?? true
        if isListing {
            try await door.withServer { server in
                try await PassError.naming("Failed to list SPIRE entries") { try await list(server) }
            }
        }
        let reading = declarations.declare(in: &ledger)
        var owned = try await PassError.naming("Failed to read what this controller owns") {
            try await ownership.owned()
        }
        if !hasAdopted, reading.hasReadAll { owned = try await adopt(owned) }
        var circumstances = EntryPlanner.Circumstances()
        circumstances.owned = owned.entryIDs
        circumstances.hasReadAll = reading.hasReadAll
        circumstances.undecidedPods = reading.undecidedPods
        circumstances.keepsOtherEntries = reading.keepsOtherEntries
        circumstances.ignoresDeletionLimit = ignoresDeletionLimit
        let plan = ledger.plan(circumstances)
        // Between two listings only what changed is planned, which says nothing of what was withheld before.
        if isListing || !plan.withheld.isEmpty { withheld = (plan.withheld.count, withheldProblem(plan)) }
        problems.tell(reading.problems + withheld.problems, logger)
        // Another process of this controller may have made them meanwhile.
        if plan.taken.contains(where: { !EntryPlanner.hasSameAttributes($0.current, $0.declared.entry) }) {
            await ownership.forget()
        }
        if let printer {
            printer.print(plan)
        } else if !plan.isDone {
            try await door.withServer { server in try await apply(plan, server) }
        }
        ledger.finish()
        return withheld.count
    }

    private func list(_ server: any ServerPort) async throws {
        let start = ContinuousClock.now
        var isFull = nextList == nil
        if !isFull {
            let changed = ledger.listed(versions: try await server.entryVersions())
            isFull = changed.count > Self.maximumSingleReads
            for id in isFull ? [] : changed {
                if let entry = try await server.entry(id) { ledger.listed(entry) } else { ledger.listed(gone: id) }
            }
        }
        if isFull { ledger.listed(try await server.entries()) }
        bundles = try await server.storedBundles()
        ledger.attach(only: bundles.areRequired ? bundles.trustDomains : nil)
        ledger.retry()
        let end = ContinuousClock.now
        nextList = end + max(listInterval, (end - start) * (listInterval > .zero ? Self.idleShare : 0))
    }

    private func withheldProblem(_ plan: EntryPlan) -> [Problem] {
        guard let reason = plan.withholding else { return [] }
        return [
            Problem(
                .warning, "Entries that nobody declares any more are not deleted",
                [.count: "\(plan.withheld.count)", .reason: reason.explanation])
        ]
    }

    // MARK: - First run

    /// Takes over what a controller of this cluster plainly made before, or what is just as it is declared.
    private func adopt(_ owned: Owned) async throws -> Owned {
        hasAdopted = true
        guard await ownership.isFirstRun, planner.idPrefix.isEmpty else { return owned }
        let matching = ledger.matchingIDs
        let adoptable = Set(ledger.current.filter(planner.isAdoptable).map(\.id)).union(matching)
        ledger.lookAtAll()
        var taken = owned
        taken.entryIDs.formUnion(adoptable)
        guard printer == nil else { return taken }
        let refused = try await PassError.naming("Failed to record what this controller owns") {
            try await ownership.claim(Owned(entryIDs: adoptable))
        }
        taken.remove(refused)
        if !adoptable.isEmpty {
            logger.info(
                "Took over entries that a controller of this cluster made before",
                metadata: [.count: .stringConvertible(adoptable.count - refused.entryIDs.count)])
        }
        return taken
    }

    // MARK: - Acting

    /// Deletes, creates and updates in the order of the upstream controller.
    private func apply(_ plan: EntryPlan, _ server: any ServerPort) async throws {
        // Whatever is not reached keeps its place in the next plan.
        for declared in plan.creates { ledger.kept(declared.entry) }
        for update in plan.updates { ledger.kept(update.current) }
        for entry in plan.deletes { ledger.kept(entry) }
        try await delete(plan.deletes, server)
        try await create(plan.creates.map(\.entry), server)
        try await update(plan.updates, server)
    }

    private func delete(_ entries: [Entry], _ server: any ServerPort) async throws {
        var gone: Set<String> = []
        for batch in entries.batches(of: 200) {
            try checkLeadership()
            let results = try await PassError.naming("Failed to delete entries") {
                try await server.deleteEntries(batch.map(\.id))
            }
            for (entry, result) in zip(batch, results) {
                guard result.isDone || result.isMissing else {
                    refused("Failed to delete entry", entry, result)
                    continue
                }
                ledger.deleted(entry.id)
                gone.insert(entry.id)
                if result.isDone { logger.info("Deleted entry", metadata: EntryLogFields.of(entry)) }
            }
        }
        await ownership.release(Owned(entryIDs: gone))
    }

    private func create(_ declared: [Entry], _ server: any ServerPort) async throws {
        guard !declared.isEmpty else { return }
        let entries = declared.map { entry in
            var entry = entry
            entry.id = planner.idPrefix + UUID().uuidString.lowercased()
            return entry
        }
        if planner.idPrefix.isEmpty {
            _ = try await PassError.naming("Failed to record what this controller owns") {
                try await ownership.claim(Owned(entryIDs: Set(entries.map(\.id))))
            }
        }
        var unused: Set<String> = []
        for batch in entries.batches(of: 50) {
            let results = try await failing(batch, "Failed to create entries") {
                try await server.createEntries(batch)
            }
            for (entry, result) in zip(batch, results) where !created(entry, result) { unused.insert(entry.id) }
        }
        await ownership.release(Owned(entryIDs: unused))
        if hasBeenForestalled { await ownership.forget() }
        hasBeenForestalled = false
    }

    /// - Returns: Whether the server has the entry under its ID.
    private func created(_ entry: Entry, _ result: ItemResult) -> Bool {
        if result.isDone {
            ledger.done(result.entry ?? entry)
            logger.info("Created entry", metadata: EntryLogFields.of(entry))
            return true
        }
        guard result.isThereAlready, let other = result.entry else {
            refused("Failed to create entry", entry, result)
            return false
        }
        // Another writer was first: as good when it is the same, and looked at again when it is not.
        ledger.listed(other)
        hasBeenForestalled = true
        return false
    }

    private func update(_ updates: [EntryPlan.Update], _ server: any ServerPort) async throws {
        let entries = updates.map { update in
            var entry = update.declared.entry
            entry.id = update.current.id
            return entry
        }
        for batch in entries.batches(of: 50) {
            let results = try await failing(batch, "Failed to update entries") {
                try await server.updateEntries(batch)
            }
            for (entry, result) in zip(batch, results) {
                if result.isDone {
                    ledger.done(result.entry ?? entry)
                    logger.info("Updated entry", metadata: EntryLogFields.of(entry))
                } else if result.isMissing {
                    ledger.listed(gone: entry.id)
                } else {
                    refused("Failed to update entry", entry, result)
                }
            }
        }
    }

    /// Only the entries of the batch that was lost have failed: those before are done, those after were not tried.
    private func failing(
        _ batch: [Entry], _ message: Logger.Message, _ work: () async throws -> [ItemResult]
    ) async throws -> [ItemResult] {
        try checkLeadership()
        do {
            return try await work()
        } catch {
            for entry in batch { ledger.failed(entry, "\(error)") }
            ledger.finish()
            throw PassError(message, error)
        }
    }

    private func checkLeadership() throws(PassError) {
        guard mayAct() else {
            throw PassError("Stopped in the middle of a pass", ControllerError(.cluster, "another process leads now"))
        }
    }

    private func refused(_ message: Logger.Message, _ entry: Entry, _ result: ItemResult) {
        let isNews = ledger.failed(entry, result.message)
        logger.log(
            level: isNews ? .error : .debug, message,
            metadata: EntryLogFields.of(entry).merging([.error: "\(result.message)"]) { $1 })
    }
}
