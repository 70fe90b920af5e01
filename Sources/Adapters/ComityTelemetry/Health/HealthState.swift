// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Synchronization

/// The health of a program at this moment: written by its checks, read by its listener and by its health API.
package final class HealthState: Sendable {
    private let schedule: Mutex<HealthSchedule>

    package init(checks: some Sequence<String>) {
        schedule = Mutex(HealthSchedule(checks: checks))
    }

    package var isLive: Bool { schedule.withLock { $0.isLive } }
    package var isReady: Bool { schedule.withLock { $0.isReady } }

    func finished(_ check: String, _ status: HealthStatus, at now: Date) -> [HealthNotice] {
        schedule.withLock { $0.finished(check, status, at: now) }
    }

    func interval(after check: String) -> TimeInterval {
        schedule.withLock { $0.interval(after: check) }
    }

    /// One object by check, `{"server":{},"server.ca":{}}`, with a newline; a check that has not run is null.
    package var body: String {
        let details = schedule.withLock { $0.details }
        let members = details.sorted { $0.key < $1.key }.map { check, details in
            "\(LogLine.quoted(check)):\(details.map(Self.object) ?? "null")"
        }
        return "{\(members.joined(separator: ","))}\n"
    }

    private static func object(_ members: [String: String]) -> String {
        let sorted = members.sorted { $0.key < $1.key }
        return "{\(sorted.map { "\(LogLine.quoted($0.key)):\(LogLine.quoted($0.value))" }.joined(separator: ","))}"
    }
}
