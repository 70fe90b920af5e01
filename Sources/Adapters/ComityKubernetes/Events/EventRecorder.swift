// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Logging
public import SPIFFE
public import ServiceLifecycle

/// Writes events on objects, for `kubectl describe`: in the background, the same ones counted, not too many per object.
public final class EventRecorder: Service {
    /// How bad it is.
    public struct Severity: Hashable, Sendable {
        let text: String

        /// As it should be.
        public static let normal = Severity(text: "Normal")
        /// Somebody should look.
        public static let warning = Severity(text: "Warning")
    }

    /// How many events wait to be written; more are dropped.
    private static let maximumWaiting = 1024
    /// The longest message the API takes, in characters.
    private static let maximumMessage = 1024

    private let client: KubernetesClient
    private let component: String
    private let instance: String
    private let notes: AsyncStream<EventNote>
    private let source: AsyncStream<EventNote>.Continuation

    /// Makes a recorder; ``run()`` writes.
    ///
    /// - Parameters:
    ///   - component: Who tells, such as `comity-controller`.
    ///   - instance: Which one of them, such as the pod's name.
    public init(_ client: KubernetesClient, component: String, instance: String) {
        self.client = client
        self.component = component
        self.instance = instance
        (notes, source) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.maximumWaiting))
    }

    /// Tells that something happened to an object. Returns at once; what cannot be written is lost.
    ///
    /// - Parameters:
    ///   - object: With `apiVersion`, `kind` and `metadata`; events on objects of the cluster go to namespace `default`.
    ///   - reason: One word in camel case, such as `BundleRefreshed`.
    ///   - message: For people; without anything that changes each time, so that repetitions are counted.
    public func record(_ severity: Severity, reason: String, _ message: String, on object: JSONValue) {
        guard let reference = EventNote.ObjectReference(object) else { return }
        source.yield(
            EventNote(
                object: reference, type: severity.text, reason: reason,
                message: String(message.prefix(Self.maximumMessage))))
    }

    /// Writes events until the task is cancelled or the service group shuts down. To be called once.
    public func run() async throws {
        var rule = EventRule()
        for await note in notes.cancelOnGracefulShutdown() {
            do throws(KubernetesError) {
                try await write(note, &rule)
            } catch {
                client.logger.debug(
                    "cannot write an event", metadata: ["object": "\(note.object.key)", "error": "\(error)"])
            }
        }
    }

    private func write(_ note: EventNote, _ rule: inout EventRule) async throws(KubernetesError) {
        let namespace = note.object.key.namespace ?? "default"
        switch rule.happened(note, now: .now, suffix: String(UInt64.random(in: .min ... .max), radix: 16)) {
        case .drop: return
        case .create(let name):
            do throws(KubernetesError) {
                try await client.create(.events, event(note, name: name, namespace), namespace: namespace)
            } catch {
                rule.vanished(note)
                throw error
            }
        case .count(let name, let count):
            let patch: JSONValue = [
                "count": .number(JSONNumber(count)), "lastTimestamp": .string(KubernetesTime.text(Date())),
            ]
            do throws(KubernetesError) {
                try await client.mergePatch(.events, name: name, namespace: namespace, patch)
            } catch {
                if error.isNotFound { rule.vanished(note) }
                throw error
            }
        }
    }

    private func event(_ note: EventNote, name: String, _ namespace: String) -> JSONValue {
        let now = JSONValue.string(KubernetesTime.text(Date()))
        return [
            "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "involvedObject": note.object.json,
            "type": .string(note.type), "reason": .string(note.reason), "message": .string(note.message),
            "firstTimestamp": now, "lastTimestamp": now, "count": 1,
            "source": ["component": .string(component), "host": .string(instance)],
            "reportingComponent": .string(component), "reportingInstance": .string(instance),
        ]
    }
}
