// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityResources
import ComityTelemetry
import FoundationEssentials
import Logging
import SPIFFE

/// Writes into custom resources what became of them, and events on what changed.
actor StatusWriter {
    private struct Key: Hashable {
        let type: ResourceType
        let name: String
    }

    /// An object that was written: what the cache has until it has caught up, and what the API has.
    private struct Written {
        let cachedVersion: JSONValue?
        let object: JSONValue
    }

    private let client: KubernetesClient
    private let recorder: EventRecorder
    private let logger: Logger
    private var written: [Key: Written] = [:]
    private var problems = ProblemLog()

    init(_ client: KubernetesClient, _ recorder: EventRecorder, logger: Logger) {
        self.client = client
        self.recorder = recorder
        self.logger = logger.with(.subsystemName, "status-writer")
    }

    func write(_ outcomes: EntryOutcomes) async {
        var failures: [Problem] = []
        let now = Date()
        for (object, facts) in outcomes.spiffeIDs {
            failures += await write(.clusterSPIFFEIDs, object) { ClusterSPIFFEIDStatus(facts, at: now).update(of: $0) }
        }
        for (object, standing, warnings) in outcomes.staticEntries {
            failures += await write(.clusterStaticEntries, object) {
                ClusterStaticEntryStatus(standing, warnings: warnings, at: now).update(of: $0)
            }
        }
        problems.tell(failures, logger)
    }

    func write(_ outcomes: [FederationReconciler.Outcome]) async {
        let now = Date()
        for (object, facts) in outcomes {
            for failure in await write(
                .clusterFederatedTrustDomains, object, { FederatedTrustDomainStatus(facts, at: now).update(of: $0) })
            {
                logger.log(
                    level: .debug, "Failed to update status", metadata: failure.fields.mapValues { "\($0)" })
            }
        }
    }

    private func write(
        _ type: ResourceType, _ cached: JSONValue, _ makeUpdate: (JSONValue) -> StatusUpdate?
    ) async -> [Problem] {
        guard let name = cached["metadata"]?["name"]?.string else { return [] }
        let key = Key(type: type, name: name)
        let version = cached["metadata"]?["resourceVersion"]
        var object = cached
        if let last = written[key], last.cachedVersion == version { object = last.object }
        guard let update = makeUpdate(object), !Self.isOthersWord(object, update) else { return [] }
        do throws(KubernetesError) {
            let answer = try await client.mergePatch(type, name: name, update.patch, subresource: "status")
            written[key] = Written(cachedVersion: version, object: answer)
        } catch {
            // What is gone needs no status.
            guard !error.isNotFound else { return [] }
            return [
                Problem(
                    .error, "Failed to update status", [.object: "\(type.kind)/\(name)", .error: error.message])
            ]
        }
        for event in update.events {
            recorder.record(event.isWarning ? .warning : .normal, reason: event.reason, event.message, on: object)
        }
        return []
    }

    /// Whether another controller has said of this generation that it does not handle the class either: once is enough.
    private static func isOthersWord(_ object: JSONValue, _ update: StatusUpdate) -> Bool {
        func selected(_ conditions: JSONValue?) -> JSONValue? {
            conditions?.array?.first { $0["type"]?.string == "Selected" }
        }
        guard selected(update.patch["status"]?["conditions"])?["status"]?.string == "False",
            let known = selected(object["status"]?["conditions"])
        else { return false }
        return known["observedGeneration"] == object["metadata"]?["generation"]
    }
}
