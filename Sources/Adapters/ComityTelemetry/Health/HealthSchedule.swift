// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials

/// When which check runs, and what its outcomes mean.
///
/// Until everything was good at once, all checks run each second; then a good check runs each minute and a failing one
/// each second, so that a recovery shows at once (SPIRE lets it wait for the minute).
package struct HealthSchedule: Sendable {
    fileprivate struct Record {
        var status: HealthStatus?
        var problem: String?
        var wasGood = false
        var failures = 0
        var failingSince: Date?
        var lastToldAt: Date?
    }

    package static let shortInterval: TimeInterval = 1
    package static let longInterval: TimeInterval = 60

    private var records: [String: Record]
    private var wasAllGood = false

    package init(checks: some Sequence<String>) {
        records = Dictionary(checks.map { ($0, Record()) }) { first, _ in first }
    }

    /// Seconds from the end of a check to its next run.
    package func interval(after check: String) -> TimeInterval {
        let isGood = records[check].map { $0.status != nil && $0.problem == nil } ?? false
        return wasAllGood && isGood ? Self.longInterval : Self.shortInterval
    }

    /// Takes in what a check found; an unknown check changes nothing.
    package mutating func finished(_ check: String, _ status: HealthStatus, at now: Date) -> [HealthNotice] {
        guard var record = records[check] else { return [] }
        let notices = record.take(status, of: check, at: now)
        records[check] = record
        if records.values.allSatisfy({ $0.status != nil && $0.problem == nil }) { wasAllGood = true }
        return notices
    }

    /// Checks that have not run yet count as neither live nor ready.
    package var isLive: Bool { records.values.allSatisfy { $0.status?.isLive ?? false } }
    package var isReady: Bool { records.values.allSatisfy { $0.status?.isReady ?? false } }

    /// By check; nil for one that has not run yet.
    package var details: [String: [String: String]?] { records.mapValues { $0.status?.details } }
}

extension HealthSchedule.Record {
    fileprivate mutating func take(_ status: HealthStatus, of check: String, at now: Date) -> [HealthNotice] {
        self.status = status
        guard let problem = status.problem else { return recover(check, status, at: now) }
        var notices: [HealthNotice] = []
        // A failing check runs each second, and its line is repeated each minute.
        if lastToldAt.map({ now.timeIntervalSince($0) >= HealthSchedule.longInterval }) ?? true {
            notices.append(
                wasGood
                    ? .hasFailed(check: check, problem: problem)
                    : .hasFailedWhileStarting(check: check, problem: problem))
            lastToldAt = now
        }
        if self.problem == nil {
            notices.append(.failed(check: check, details: status.details, problem: problem))
            failingSince = now
            failures = 0
        }
        failures += 1
        self.problem = problem
        return notices
    }

    private mutating func recover(_ check: String, _ status: HealthStatus, at now: Date) -> [HealthNotice] {
        defer {
            problem = nil
            failures = 0
            failingSince = nil
            lastToldAt = nil
            wasGood = true
        }
        guard let problem, let failingSince else { return [] }
        return [
            .recovered(
                check: check, details: status.details, problem: problem, failures: failures,
                duration: now.timeIntervalSince(failingSince))
        ]
    }
}
