// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// X509-SVIDs to be looked at because of authorities that lost trust: a hundred every five seconds, as SPIRE does it, so
/// that thousands of renewals do not come at once.
struct TaintReview: Sendable {
    static let batchSize = 100
    static let interval: TimeInterval = 5

    private var keyIDs: Set<String> = []
    /// The last is the next.
    private var pending: [String] = []
    private var nextAt = Date.distantPast

    /// When the next batch is to be taken, if there is one.
    var next: Date? { pending.isEmpty ? nil : nextAt }

    /// - Parameter entryIDs: Those that have an SVID, the most urgent first.
    mutating func begin(_ keyIDs: Set<String>, _ entryIDs: [String], now: Date) {
        self.keyIDs.formUnion(keyIDs)
        pending = entryIDs.reversed()
        nextAt = max(nextAt, now)
    }

    /// The entries to look at now, and for whose signatures.
    mutating func takeBatch(now: Date) -> (entryIDs: [String], keyIDs: Set<String>)? {
        guard let next, next <= now else { return nil }
        let batch = (entryIDs: Array(pending.suffix(Self.batchSize).reversed()), keyIDs: keyIDs)
        pending.removeLast(batch.entryIDs.count)
        nextAt = now + Self.interval
        if pending.isEmpty { keyIDs = [] }
        return batch
    }
}
