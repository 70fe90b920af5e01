// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTelemetry
import ComityWorkloads
import FoundationEssentials

extension Instruments {
    /// - Parameter beginning: The agent's data as they were before its server was believed.
    func tellBootstrap(_ beginning: AgentData, now: Date) {
        guard let start = beginning.bootstrapStart else { return }
        let mode: Labels = [.mode: beginning.isRebootstrapping ? "rebootstrap" : "bootstrap"]
        set(.bootstrapped, to: 1, mode)
        set(.bootstrapSeconds, to: now.timeIntervalSince(start).rounded(), mode)
        set(.bootstrapAttempts, to: Double(beginning.connectionAttempts), mode)
    }

    func tellEntries(before: [String: Entry], after: [String: Entry]) {
        let kept = after.filter { before[$0.key] != nil }
        let updated = kept.count { before[$0.key]?.revisionNumber != $0.value.revisionNumber }
        count(.entriesAdded, by: after.count - kept.count)
        count(.entriesRemoved, by: before.count - kept.count)
        count(.entriesUpdated, by: updated)
        set(.cachedRecords, to: Double(after.count))
    }

    func tellSigning(_ work: [SVIDSigning]) {
        sample(.expiringSVIDs, work.count { $0.reason == .renew })
        sample(.outdatedSVIDs, work.count { $0.reason == .update })
    }
}
