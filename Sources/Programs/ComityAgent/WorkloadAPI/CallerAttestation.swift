// SPDX-License-Identifier: Apache-2.0

package import ComityAttestation
package import ComityRegistry
package import ComityTelemetry
package import ComityTransport
package import GRPCCore
import Logging

/// Finds out what the process at the other end of a connection is.
package struct CallerAttestation: Sendable {
    private let attestors: [any WorkloadAttestor]
    private let instruments: Instruments

    package init(_ attestors: [any WorkloadAttestor], instruments: Instruments = .none) {
        self.attestors = attestors
        self.instruments = instruments
    }

    /// - Throws: `RPCError` with code `unavailable` when nothing can be said of the caller for certain.
    package func selectors(of local: LocalPeer?) async throws(RPCError) -> Set<Selector> {
        let found = try await instruments.measure(.workloadAttestation) { () async throws(RPCError) in
            try await attest(local)
        }
        instruments.sample(.discoveredSelectors, found.count)
        return found
    }

    /// The same of a process that somebody else names.
    package func selectors(ofProcess processID: Int32) async throws(RPCError) -> Set<Selector> {
        guard let process = NamedProcess(processID) else { throw failed(nil) }
        defer { withExtendedLifetime(process) {} }
        return try await selectors(of: process.peer)
    }

    private func attest(_ local: LocalPeer?) async throws(RPCError) -> Set<Selector> {
        guard let local, local.pid > 0 else { throw failed(nil) }
        let process = WorkloadProcess(processID: local.pid, userID: local.uid, groupID: local.gid)
        let logger = RequestLogger.current
        let answers = await answers(of: process, logger)
        guard attestors.isEmpty || !answers.isEmpty else { throw failed(logger) }
        // Only now: whatever was read before is of the process that called, because that one still runs.
        guard local.isRunning == true else { throw failed(logger, "caller is gone") }
        return answers.reduce(into: []) { $0.formUnion($1) }
    }

    private func answers(of process: WorkloadProcess, _ logger: Logger) async -> [Set<Selector>] {
        if attestors.count == 1, let only = attestors.first {
            return await answer(of: only, process, logger).map { [$0] } ?? []
        }
        return await withTaskGroup { group in
            for attestor in attestors {
                group.addTask { await answer(of: attestor, process, logger) }
            }
            return await group.reduce(into: []) { answers, answer in
                if let answer { answers.append(answer) }
            }
        }
    }

    private func answer(
        of attestor: any WorkloadAttestor, _ process: WorkloadProcess, _ logger: Logger
    ) async -> Set<Selector>? {
        do {
            return try await instruments.measure(.workloadAttestor, [.attestor: attestor.name]) {
                try await attestor.attest(process)
            }
        } catch {
            logger.failure("Failed to collect all selectors", error, metadata: [.plugin: "\(attestor.name)"])
            return nil
        }
    }

    private func failed(_ logger: Logger?, _ reason: String = "no attestor could look at the caller") -> RPCError {
        logger?.error("Workload attestation failed", metadata: [.error: "\(reason)"])
        return RPCError(code: .unavailable, message: "workload attestation failed")
    }
}
