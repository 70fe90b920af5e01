// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Logging
import SPIFFE
public import ServiceLifecycle
import Synchronization

/// Stands for election by a Lease, and says whether this process leads.
///
/// ```swift
/// let elector = try LeaderElector(client, LeaderSettings(namespace: "spire", name: "controller", identity: identity))
/// // elector.run() in a service group
/// for await leads in elector.changes { … }
/// ```
public final class LeaderElector: Service {
    private struct State {
        var rule: LeaseRule
        var leads = false
    }

    private let client: KubernetesClient
    private let settings: LeaderSettings
    private let state: Mutex<State>
    private let listeners = ChangeListeners()

    /// Makes a candidate; ``run()`` makes it stand.
    ///
    /// - Throws: ``KubernetesError`` when the times cannot work together.
    public init(_ client: KubernetesClient, _ settings: LeaderSettings) throws(KubernetesError) {
        try settings.check()
        self.client = client
        self.settings = settings
        state = Mutex(State(rule: LeaseRule(settings)))
    }

    /// Whether this process leads now. False as soon as its lease may have run out, whatever else goes on.
    public var isLeader: Bool {
        state.withLock { $0.leads && $0.rule.isLeader(at: .now) }
    }

    /// Whether this process leads: at first as it is, then each time it is otherwise. For one reader each.
    public var changes: AsyncStream<Bool> {
        let wakes = listeners.stream()
        let (stream, source) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(1))
        // Ends with the stream, whose end cancels it.
        let task = Task { [weak self] in
            var last: Bool?
            for await _ in wakes {
                guard let self else { break }
                let leads = self.state.withLock(\.leads)
                if leads != last { source.yield(leads) }
                last = leads
            }
            source.finish()
        }
        source.onTermination = { _ in task.cancel() }
        return stream
    }

    /// Stands for election until the task is cancelled or the service group shuts down; then gives the lease up, so that
    /// another one need not wait for its end.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await self.stand() }
        let lease = state.withLock { $0.rule.release(date: Date()) }
        set(leads: false)
        guard let lease else { return }
        // Waited for right here; of its own, because this task may be cancelled.
        await Task { [client, settings] in await Self.release(lease, client, settings) }.value
    }

    private func stand() async {
        while !Task.isCancelled {
            await attempt()
            let wait = settings.retryPeriod * (state.withLock(\.leads) ? 1 : 1 + .random(in: 0..<0.2))
            guard (try? await Task.sleep(for: wait)) != nil else { return }
        }
    }

    /// Looks at the lease and writes what is to be written.
    private func attempt() async {
        let began = ContinuousClock.now
        let limit = state.withLock { $0.rule.timeLimit(at: began) }
        do throws(KubernetesError) {
            let rule = try await withTimeLimit(limit, server: client.configuration.server) {
                try await self.renew(began)
            }
            state.withLock { $0.rule = rule }
        } catch {
            guard error.reason != KubernetesError.Reason.cancelled else { return }
            client.logger.info(
                "cannot renew or take the lease", metadata: ["lease": "\(settings.name)", "error": "\(error)"])
        }
        set(leads: state.withLock { $0.rule.isLeader(at: .now) })
    }

    private func renew(_ began: ContinuousClock.Instant) async throws(KubernetesError) -> LeaseRule {
        var rule = state.withLock(\.rule)
        let lease: JSONValue?
        do throws(KubernetesError) {
            lease = try await client.get(.leases, settings.name, namespace: settings.namespace)
        } catch {
            guard error.isNotFound else { throw error }
            lease = nil
        }
        guard case .write(let record) = rule.observed(lease.map { LeaseRecord($0) }, now: .now, date: Date()) else {
            return rule
        }
        do throws(KubernetesError) {
            try await Self.write(record, to: lease, client, settings)
            rule.wrote(record, attemptAt: began)
        } catch {
            // Another candidate was quicker; the next look tells.
            guard error.isConflict else { throw error }
        }
        return rule
    }

    private static func write(
        _ record: LeaseRecord, to lease: JSONValue?, _ client: KubernetesClient, _ settings: LeaderSettings
    ) async throws(KubernetesError) {
        if let lease {
            try await client.replace(.leases, record.written(to: lease), namespace: settings.namespace)
        } else {
            let new: JSONValue = [
                "metadata": ["name": .string(settings.name), "namespace": .string(settings.namespace)]
            ]
            try await client.create(.leases, record.written(to: new), namespace: settings.namespace)
        }
    }

    /// A lease that is not given up runs out by itself, so that no fault is worth more than a word.
    private static func release(_ record: LeaseRecord, _ client: KubernetesClient, _ settings: LeaderSettings) async {
        do throws(KubernetesError) {
            try await withTimeLimit(settings.renewDeadline, server: client.configuration.server) {
                let lease = try await client.get(.leases, settings.name, namespace: settings.namespace)
                guard LeaseRecord(lease).holder == settings.identity else { return }
                try await write(record, to: lease, client, settings)
            }
        } catch {
            client.logger.debug(
                "cannot give up the lease", metadata: ["lease": "\(settings.name)", "error": "\(error)"])
        }
    }

    private func set(leads: Bool) {
        let isNew = state.withLock { state in
            defer { state.leads = leads }
            return state.leads != leads
        }
        guard isNew else { return }
        if leads {
            client.logger.info("this process leads now", metadata: ["lease": "\(settings.name)"])
        } else {
            client.logger.info("this process leads no more", metadata: ["lease": "\(settings.name)"])
        }
        listeners.tell()
    }
}
