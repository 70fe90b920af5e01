// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityTelemetry
import ComityWorkloads
import FoundationEssentials
import GRPCCore
import Logging
import SPIFFE

/// Keeps what the agent knows as the server has it.
actor Synchronizer {
    private let store: WorkloadStore
    private let tokens: JWTSVIDSource
    private let server: ServerClient
    private let identity: AgentIdentity
    private let alarms: AgentAlarms
    private let instruments: Instruments
    private let logger: Logger
    private let interval: TimeInterval
    /// While nothing is known, the first entry must not have to wait for a long interval.
    private static let longestIntervalWithoutEntries: TimeInterval = 5

    private var entries: [String: Entry] = [:]
    private var bundles = BundleSet()
    private var trust = AuthorityTrust()
    /// When everything was last brought up to date.
    private(set) var lastSuccess: Date?
    /// The foreign trust domains that the server has no bundle of, so that each is told of once.
    private var missing: Set<TrustDomain> = []

    init(
        store: WorkloadStore, tokens: JWTSVIDSource, server: ServerClient, identity: AgentIdentity,
        alarms: AgentAlarms, interval: TimeInterval, instruments: Instruments, logger: Logger
    ) {
        self.store = store
        self.tokens = tokens
        self.server = server
        self.identity = identity
        self.alarms = alarms
        self.interval = interval
        self.instruments = instruments
        self.logger = logger
    }

    /// Syncs until cancelled. Ends with an error when the server no longer wants this agent.
    func run() async throws -> Never {
        var backoff = Backoff.sync(interval: interval)
        var wait = interval
        while true {
            let isFirst = entries.isEmpty && store.entryCount == 0
            try await alarms.sync.wait(
                atMost: .seconds(isFirst ? min(wait, Self.longestIntervalWithoutEntries) : wait))
            do {
                try await sync()
                if wait != interval { alarms.serverIsBack.ring() }
                backoff.attemptSucceeded()
                wait = interval
            } catch {
                try Task.checkCancellation()
                logger.error("Synchronize failed", metadata: [.error: "\(error)"])
                try identity.refused(error)
                try identity.checkTrust()
                wait = backoff.attemptFailed(now: Date(), random: .random(in: 0..<1)) ?? interval
            }
        }
    }

    /// Brings everything up to date once: entries, the own bundle, then foreign ones.
    func sync() async throws {
        try await instruments.measure(.fetchEntriesUpdates) { try await fetch() }
    }

    private func fetch() async throws {
        let before = entries
        entries = try await server.entries(EntryRetrieval(known: before))
        instruments.tellEntries(before: before, after: entries)
        let record = try await server.bundle()
        let bundle = record.bundle
        let foreign = Set(entries.values.flatMap(\.federatesWith)).subtracting([bundle.trustDomain])
        missing.formIntersection(foreign)
        var fetched = BundleSet()
        for trustDomain in foreign.sorted() { fetched[trustDomain] = await federatedBundle(of: trustDomain) }
        bundles = fetched
        identity.trust(bundle)
        store.synced(entries: entries, bundle: bundle, bundles: bundles)
        await distrust(trust.observe(record))
        lastSuccess = Date()
    }

    /// What was signed by an authority that is tainted or gone is replaced.
    private func distrust(_ loss: AuthorityTrust.Loss) async {
        if !loss.x509Authorities.isEmpty {
            let keyIDs = Set(loss.x509Authorities.map(\.subjectKeyIdentifier.hex))
            logger.info(
                "New tainted X.509 authorities found",
                metadata: [.subjectKeyIDs: "\(keyIDs.sorted().joined(separator: ","))"])
            let count = await instruments.measure(.processTaintedX509SVIDs) { store.distrust(keyIDs) }
            instruments.sample(.taintedX509SVIDs, count)
            identity.distrust(keyIDs)
        }
        if !loss.jwtKeyIDs.isEmpty {
            let keyIDs = "\(loss.jwtKeyIDs.sorted().joined(separator: ","))"
            logger.info("New tainted JWT authorities found", metadata: [.jwtAuthorityKeyIDs: "\(keyIDs)"])
            let count = await instruments.measure(.processTaintedJWTSVIDs) { tokens.distrust(loss.jwtKeyIDs) }
            instruments.sample(.taintedJWTSVIDs, count)
            logger.info(
                "JWT-SVIDs were removed from the JWT cache because they were issued by a tainted authority",
                metadata: [.count: "\(count)", .jwtAuthorityKeyIDs: "\(keyIDs)"])
        }
    }

    /// What one foreign trust domain lacks must not keep the news from the workloads of others.
    private func federatedBundle(of trustDomain: TrustDomain) async -> SPIFFEBundle? {
        do {
            let bundle = try await server.federatedBundle(of: trustDomain)
            if bundle != nil {
                missing.remove(trustDomain)
            } else if missing.insert(trustDomain).inserted {
                logger.warning("Federated bundle not found", metadata: [.federatedBundle: "\(trustDomain.id)"])
            }
            return bundle
        } catch {
            logger.failure(
                "Failed to fetch federated bundle", error, metadata: [.federatedBundle: "\(trustDomain.id)"])
            return bundles[trustDomain]
        }
    }
}
