// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import Logging
import ServiceLifecycle

/// Runs the checks for as long as the program lives; each by itself, so that none holds up another.
package struct HealthChecks: Service {
    /// A check that takes longer counts as failed until it ends.
    package static let longestRun: TimeInterval = 15

    package let state: HealthState
    private let checks: [HealthCheck]
    private let logger: Logger
    private let now: @Sendable () -> Date
    private let sleep: @Sendable (TimeInterval) async throws -> Void

    package init(
        _ checks: [HealthCheck], logger: Logger, now: @escaping @Sendable () -> Date = { Date() },
        sleep: @escaping @Sendable (TimeInterval) async throws -> Void = { try await Task.sleep(for: .seconds($0)) }
    ) {
        self.checks = checks
        self.logger = logger.with(.subsystemName, "health")
        self.now = now
        self.sleep = sleep
        state = HealthState(checks: checks.map(\.name))
    }

    package func run() async throws {
        logger.debug("Initializing health checkers")
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for check in checks {
                    group.addTask { await self.run(check) }
                }
            }
        }
        logger.debug("Finishing health checker")
    }

    private func run(_ check: HealthCheck) async {
        while !Task.isCancelled {
            await once(check)
            do {
                try await sleep(state.interval(after: check.name))
            } catch {
                return
            }
        }
    }

    private func once(_ check: HealthCheck) async {
        await withTaskGroup(of: HealthStatus?.self) { group in
            group.addTask { await check.run() }
            group.addTask {
                do {
                    try await sleep(Self.longestRun)
                } catch {
                    return nil
                }
                return HealthStatus(isLive: false, isReady: false, details: ["timeout": "check takes too long"])
            }
            if let status = await group.next() ?? nil, !Task.isCancelled { finish(check, status) }
            group.cancelAll()
        }
    }

    private func finish(_ check: HealthCheck, _ status: HealthStatus) {
        for notice in state.finished(check.name, status, at: now()) { tell(notice) }
    }

    private func tell(_ notice: HealthNotice) {
        switch notice {
        case .failed(let check, let details, let problem):
            logger.warning(
                "Health check failed",
                metadata: [.check: "\(check)", .details: Self.metadata(details), .error: "\(problem)"])
        case .hasFailed(let check, let problem):
            logger.error("Health check has failed", metadata: [.check: "\(check)", .error: "\(problem)"])
        case .hasFailedWhileStarting(let check, let problem):
            logger.warning(
                "Health check has failed. Starting up still.", metadata: [.check: "\(check)", .error: "\(problem)"])
        case .recovered(let check, let details, let problem, let failures, let duration):
            logger.info(
                "Health check recovered",
                metadata: [
                    .check: "\(check)", .details: Self.metadata(details), .error: "\(problem)",
                    .failures: .stringConvertible(failures), .duration: .stringConvertible(duration),
                ])
        }
    }

    private static func metadata(_ details: [String: String]) -> Logger.MetadataValue {
        .dictionary(details.mapValues { "\($0)" })
    }
}
