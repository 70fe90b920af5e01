// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
package import ComityRegistry
package import ComityTelemetry
package import Logging
import SPIFFE

/// Performs what the rotation rules decide: makes keys, publishes them, keeps the journal, and tells the issuers.
package actor LocalAuthorities {
    /// What an operator sees of one kind of authority.
    package struct States: Hashable, Sendable {
        package var active: AuthorityRecord
        package var prepared: AuthorityRecord?
        package var old: AuthorityRecord?
    }

    package nonisolated let issuers: IssuerSource
    package nonisolated let identity: ServerIdentity

    let settings: AuthoritySettings
    let keys: any KeyManager
    let bundles: any BundleStore
    nonisolated let upstream: (any UpstreamAuthority)?
    let journals: any AuthorityJournalStore
    let time: ServerTime
    let instruments: Instruments
    let logger: Logger
    /// As last written.
    var journal = AuthorityJournal()
    /// What the last CA signed from above is verified by.
    var upstreamRoots: [X509Authority] = []
    var isUpstreamAway = false
    var warnedOfLocalKeys = false
    private var rotations: [AuthorityKind: AuthorityRotation] = [:]
    /// Since the start; never less again, as in SPIRE.
    package private(set) var failedRotations = 0
    /// Why the last attempt to rotate failed; `nil` when it did not.
    package private(set) var rotationFailure: (any Error)?
    /// Rotation, operator commands and pruning each come as a whole.
    private let turns = Turns()

    package init(
        settings: AuthoritySettings, keys: any KeyManager, bundles: any BundleStore,
        journals: any AuthorityJournalStore, upstream: (any UpstreamAuthority)? = nil, time: ServerTime = .system,
        instruments: Instruments = .none, logger: Logger
    ) {
        self.settings = settings
        self.upstream = upstream
        self.keys = keys
        self.bundles = bundles
        self.journals = journals
        self.time = time
        self.instruments = instruments
        var logger = logger
        logger[metadataKey: "subsystem_name"] = "ca_manager"
        self.logger = logger
        issuers = IssuerSource(instruments: instruments)
        identity = ServerIdentity(
            settings: settings, issuers: issuers, time: time, instruments: instruments, logger: logger)
    }

    // MARK: - Life

    /// Takes up the journal and makes what is missing, so that the server can sign when this returns.
    package func start() async throws {
        try await turns.take {
            rotations = try await load()
            for kind in settings.kinds {
                if let current = rotation(kind).current {
                    try await use(current, kind)
                }
                try await rotate(kind)
            }
        }
        await identity.renewIfDue()
        await followUpstream()
    }

    /// Does what is due. Failures are logged; the authority that signs goes on and the next call tries again.
    package func rotate() async {
        await turns.take {
            var failure = await countFailure("Unable to rotate X509 CA") { try await rotate(.x509) }
            if rotation(.x509).current != nil, settings.kinds.contains(.jwt) {
                let second = await countFailure("Unable to rotate JWT key") { try await rotate(.jwt) }
                failure = failure ?? second
            }
            rotationFailure = failure
        }
    }

    func inTurn<Result>(_ work: () async throws -> Result) async rethrows -> Result {
        try await turns.take(work)
    }

    private func countFailure(_ message: Logger.Message, _ work: () async throws -> Void) async -> (any Error)? {
        do {
            try await work()
            return nil
        } catch {
            logger.failure(message, error)
            guard !(error is CancellationError) else { return nil }
            failedRotations += 1
            return error
        }
    }

    func logFailure(_ message: Logger.Message, _ work: () async throws -> Void) async {
        do {
            try await work()
        } catch {
            logger.failure(message, error)
        }
    }

    // MARK: - Operator

    /// - Throws: ``AuthorityError`` with code `notReady`.
    package func states(of kind: AuthorityKind) throws(AuthorityError) -> States {
        guard let rotation = rotations[kind], let active = rotation.current else {
            throw AuthorityError(.notReady, "server is initializing")
        }
        return States(
            active: active, prepared: rotation.next.flatMap { $0.status == .prepared ? $0 : nil },
            old: rotation.next.flatMap { $0.status == .old ? $0 : nil })
    }

    /// Makes and publishes a successor; one that was prepared before is replaced.
    package func prepare(_ kind: AuthorityKind) async throws -> AuthorityRecord {
        try await turns.take {
            try await perform(try change(kind) { rotation throws(AuthorityError) in try rotation.prepare() }, kind)
        }
    }

    /// Lets the prepared successor sign from now on.
    package func activate(_ kind: AuthorityKind, authorityID: String) async throws -> AuthorityRecord {
        try await turns.take {
            let action = try change(kind) { rotation throws(AuthorityError) in
                try rotation.activate(authorityID: authorityID)
            }
            return try await perform(action, kind)
        }
    }

    /// Lets a new CA sign at once; within a turn.
    func replaceX509() async throws {
        let prepared = try await perform(
            try change(.x509) { rotation throws(AuthorityError) in try rotation.prepare() }, .x509)
        let action = try change(.x509) { rotation throws(AuthorityError) in
            try rotation.activate(authorityID: prepared.authorityID)
        }
        _ = try await perform(action, .x509)
    }

    // MARK: - Performing

    func rotation(_ kind: AuthorityKind) -> AuthorityRotation {
        rotations[kind] ?? AuthorityRotation(schedule: RotationSchedule(refreshHint: settings.refreshHint))
    }

    /// The value is taken out, changed and put back: no suspension may come between.
    private func change<Result>(
        _ kind: AuthorityKind, _ event: (inout AuthorityRotation) throws(AuthorityError) -> Result
    ) throws(AuthorityError) -> Result {
        var rotation = rotation(kind)
        defer { rotations[kind] = rotation }
        return try event(&rotation)
    }

    private func rotate(_ kind: AuthorityKind) async throws {
        while let action = try change(kind, { $0.check(now: time.now()) }) {
            _ = try await perform(action, kind)
        }
    }

    /// Performs an action and all that follow from it, up to the change they lead to.
    private func perform(_ first: AuthorityRotation.Action, _ kind: AuthorityKind) async throws -> AuthorityRecord {
        guard case .generateKey = first else { return try await performAll(first, kind) }
        return try await instruments.measure(kind.preparation) { try await performAll(first, kind) }
    }

    private func performAll(
        _ first: AuthorityRotation.Action, _ kind: AuthorityKind
    ) async throws -> AuthorityRecord {
        var action = first
        while true {
            var next: AuthorityRotation.Action?
            switch action {
            case .generateKey(let slot):
                let record = try await makeAuthority(kind, slot: slot)
                next = try change(kind) { $0.keyGenerated(record) }
            case .publish(let record):
                try await publish(record, kind)
                next = try change(kind) { $0.published() }
            case .writeJournal(let records):
                try await writeJournal(records, kind)
                if let change = try change(kind, { $0.journalWritten() }) {
                    return try await take(change, kind)
                }
            }
            guard let next else { fatalError("an action was reported that the rule did not ask for") }
            action = next
        }
    }

    private func take(_ change: AuthorityRotation.Change, _ kind: AuthorityKind) async throws -> AuthorityRecord {
        switch change {
        case .prepared(let record):
            logPrepared(record, kind)
            return record
        case .activated(let record, let isNew):
            if isNew {
                logPrepared(record, kind)
            }
            try await use(record, kind)
            logActivated(record, kind)
            instruments.count(kind.activation)
            if kind == .x509 {
                await identity.renewIfDue()
            }
            return record
        }
    }
}
