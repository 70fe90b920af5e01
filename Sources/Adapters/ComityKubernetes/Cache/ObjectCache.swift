// SPDX-License-Identifier: Apache-2.0

import Logging
public import SPIFFE
public import ServiceLifecycle
import Synchronization

/// Keeps a copy of the objects of a type: a list, then a watch that is resumed where it broke off.
///
/// A read that fails never looks like an empty list: the last objects stay, and the snapshot says that it is not complete.
/// Nor do custom resources whose definition is being deleted: the API deletes each of them before, and such deletions are
/// not believed (``TypePresence``).
///
/// ```swift
/// let pods = ObjectCache(client, .pods)
/// // pods.run() in a service group
/// for await _ in pods.changes {
///     let snapshot = pods.snapshot
///     guard snapshot.isComplete else { continue }
///     reconcile(snapshot.objects)
/// }
/// ```
public final class ObjectCache: Service {
    /// Takes away what few need and much memory holds: `metadata.managedFields`.
    public static let withoutManagedFields: @Sendable (JSONValue) -> JSONValue = { object in
        guard var members = object.object, var metadata = members["metadata"]?.object else { return object }
        metadata["managedFields"] = nil
        members["metadata"] = .object(metadata)
        return .object(members)
    }

    /// Whose objects are kept.
    public let type: ResourceType

    private let client: KubernetesClient
    private let namespace: String?
    private let selection: ObjectSelection
    private let trimming: @Sendable (JSONValue) -> JSONValue
    private let state = Mutex(State())
    private let listeners = ChangeListeners()
    private let deletions = ChangeListeners()

    /// How long the API server has for telling that a definition is being deleted, after it deleted the first object.
    private static let graceForDefinition = Duration.seconds(1)

    /// Makes an empty cache; ``run()`` fills it.
    ///
    /// - Parameters:
    ///   - namespace: `nil` keeps the objects of all namespaces.
    ///   - trimming: Makes the value that is kept of each object. It must keep `metadata.name` and `namespace`.
    public init(
        _ client: KubernetesClient, _ type: ResourceType, namespace: String? = nil, _ selection: ObjectSelection = .all,
        trimming: @escaping @Sendable (JSONValue) -> JSONValue = withoutManagedFields
    ) {
        self.client = client
        self.type = type
        self.namespace = namespace
        self.selection = selection
        self.trimming = trimming
    }

    /// What is known now.
    public var snapshot: Snapshot { state.withLock(\.snapshot) }

    /// Tells that the snapshot is another one, at first at once. Changes that come faster than they are looked at are told
    /// once. Each reader has its own stream.
    public var changes: AsyncStream<Void> { listeners.stream() }

    /// Keeps the copy until the task is cancelled or the service group shuts down.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask { await self.follow() }
                if self.type.isCustom { group.addTask { await self.believeDeletions() } }
            }
        }
    }

    private func follow() async {
        var rule = FollowRule()
        var next = rule.start
        while !Task.isCancelled {
            do throws(KubernetesError) {
                switch next {
                case .list(let wait):
                    try await client.pause(wait)
                    next = try await list(&rule)
                case .watch(let version, let wait):
                    try await client.pause(wait)
                    next = try await watch(from: version, &rule)
                }
            } catch {
                // Only cancelling ends a wait.
                return
            }
        }
    }

    private func list(_ rule: inout FollowRule) async throws(KubernetesError) -> FollowRule.Action {
        var found: [ObjectKey: JSONValue] = [:]
        do throws(KubernetesError) {
            let version = try await client.pages(type, namespace: namespace, selection) { page in
                guard let page else { return found = [:] }
                for object in page {
                    if let key = ObjectKey(object) { found[key] = trimming(object) }
                }
            }
            if type.isCustom { try await checkPresence() }
            change { $0 = State(snapshot: Snapshot(objectsByKey: found, isComplete: true)) }
            return rule.listed(resourceVersion: version)
        } catch {
            if error.reason == KubernetesError.Reason.cancelled { throw error }
            client.logger.debug("cannot list objects; going on with those known before", metadata: metadata(error))
            change { $0.fail(error) }
            return rule.listFailed(random: .random(in: 0..<1))
        }
    }

    private func watch(
        from version: String, _ rule: inout FollowRule
    ) async throws(KubernetesError) -> FollowRule.Action {
        do throws(KubernetesError) {
            try await client.watchOnce(type, namespace: namespace, selection, from: version) {
                mend()
            } _: { event async throws(KubernetesError) in
                rule.received(event)
                apply(event)
            }
            return rule.watchEnded(nil, random: .random(in: 0..<1))
        } catch {
            if error.reason == KubernetesError.Reason.cancelled { throw error }
            client.logger.debug("watch of objects broke off", metadata: metadata(error))
            change { $0.snapshot.failure = error }
            return rule.watchEnded(error, random: .random(in: 0..<1))
        }
    }

    private func apply(_ event: WatchEvent) {
        switch event {
        case .added(let object), .modified(let object):
            guard let key = ObjectKey(object) else { return }
            change { $0.put(trimming(object), key) }
        case .deleted(let object):
            guard let key = ObjectKey(object) else { return }
            guard type.isCustom else { return change { $0.snapshot.objectsByKey[key] = nil } }
            state.withLock { _ = $0.deleted.insert(key) }
            deletions.tell()
        case .bookmark: break
        }
    }

    private func mend() {
        if snapshot.isComplete, snapshot.failure != nil { change { $0.snapshot.failure = nil } }
    }

    /// Takes away what was told to be deleted, once it is sure that not all objects go with their definition.
    private func believeDeletions() async {
        for await _ in deletions.stream() {
            let deleted = state.withLock(\.deleted)
            guard !deleted.isEmpty else { continue }
            do throws(KubernetesError) {
                try await client.pause(Self.graceForDefinition)
                try await checkPresence()
                change { $0.believe(deleted) }
            } catch {
                if error.reason == KubernetesError.Reason.cancelled { return }
                change { $0.doubt(error) }
                // Asked again until the answer is another one, or a list has settled it.
                deletions.tell()
            }
        }
    }

    /// - Throws: ``KubernetesError`` with status 404 when the type is not there to stay.
    private func checkPresence() async throws(KubernetesError) {
        do throws(KubernetesError) {
            guard try await client.presence(of: type) != .whole else { return }
        } catch {
            // Where nobody may ask, the API's word on each object has to do.
            guard !error.isForbidden else { return }
            throw error
        }
        throw KubernetesError(
            status: 404, reason: "NotFound",
            "the definition of \(type.plural) is not there or is being deleted; apply it again")
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { body(&$0) }
        listeners.tell()
    }

    private func metadata(_ error: KubernetesError) -> Logger.Metadata {
        ["type": "\(type.plural)", "error": "\(error)"]
    }
}
