// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import SPIFFE

/// Says in a ClusterSPIFFEID which pods have what it gives, and why others have not.
package struct ClusterSPIFFEIDStatus: Sendable {
    private static let maximumFailures = 10

    private let facts: ClusterSPIFFEIDFacts
    private let now: Date

    package init(_ facts: ClusterSPIFFEIDFacts, at now: Date) {
        self.facts = facts
        self.now = now
    }

    /// - Parameter object: As it was last read.
    /// - Returns: `nil` when nothing is worth writing.
    package func update(of object: JSONValue) -> StatusUpdate? {
        if case .unselected(let reason) = facts.standing {
            return Selection.update(unselected: reason, object, at: now)
        }
        return StatusUpdate([ready, Selection.selected], members, of: object, at: now, warnings: facts.warnings)
    }

    private var ready: Condition {
        if case .refused(let error) = facts.standing {
            return Condition(.ready, .no, "Invalid", "\(error.message); entries that were made before stay")
        }
        let selection = facts.selection
        if facts.entryFailures > 0 {
            return Condition(
                .ready, .no, "ServerRefused",
                Self.text("the server refused \(Self.count(facts.entryFailures, "entry", "entries"))", failures))
        }
        if selection.renderFailures > 0 {
            return Condition(
                .ready, .no, "TemplateFailed",
                Self.text("\(Self.count(selection.renderFailures, "pod", "pods")) cannot get an identity", failures))
        }
        if !facts.awaitedBundles.isEmpty {
            let names = facts.awaitedBundles.sorted().prefix(8).map(\.name.quoted).joined(separator: ", ")
            return Condition(
                .ready, .no, "BundleAwaited",
                "pods have their identities, but the server has no bundle of \(names) yet: apply a "
                    + "ClusterFederatedTrustDomain, or look at the status of the one that is there")
        }
        if selection.namespacesSelected == 0 {
            return Condition(.ready, .yes, "NothingSelected", "spec.namespaceSelector selects no namespace")
        }
        if selection.podsSelected == 0 {
            let ignored = selection.namespacesIgnored
            let passedOver = ignored == 0 ? "" : ", \(ignored) of which ignoreNamespaces passes over"
            return Condition(
                .ready, .yes, "NothingSelected",
                "spec.podSelector selects no pod in \(Self.count(selection.namespacesSelected, "namespace", "namespaces"))"
                    + passedOver)
        }
        return Condition(.ready, .yes, "EntriesSet", "every selected pod that runs has its entry")
    }

    private var failures: [ClusterSPIFFEIDFacts.Failure] {
        Array((facts.firstEntryFailures + facts.selection.firstFailures).prefix(Self.maximumFailures))
    }

    private static func text(_ what: String, _ failures: [ClusterSPIFFEIDFacts.Failure]) -> String {
        failures.first.map { "\(what), the first \($0.pod): \($0.reason)" } ?? what
    }

    private static func count(_ number: Int, _ one: String, _ many: String) -> String {
        number == 1 ? "1 \(one)" : "\(number) \(many)"
    }

    private var members: JSONObject {
        let selection = facts.selection
        let stats = [
            ("namespacesSelected", selection.namespacesSelected), ("namespacesIgnored", selection.namespacesIgnored),
            ("podsSelected", selection.podsSelected), ("podEntryRenderFailures", selection.renderFailures),
            ("entriesMasked", facts.entriesMasked), ("entriesToSet", facts.entriesToSet),
            ("entryFailures", facts.entryFailures), ("podsFinished", selection.podsFinished),
            ("podsUnscheduled", selection.podsUnscheduled),
        ]
        var members = JSONObject()
        members["stats"] = .object(stats.reduce(into: JSONObject()) { $0[$1.0] = .number(JSONNumber($1.1)) })
        if !failures.isEmpty {
            members["failures"] = .array(
                failures.map {
                    ["pod": .string($0.pod), "reason": .string($0.reason.shortened(to: StatusText.maximumLength))]
                })
        }
        return members
    }
}
