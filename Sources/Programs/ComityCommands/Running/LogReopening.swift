// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import Logging
import ServiceLifecycle
import UnixSignals

/// Opens the log file anew whenever SIGUSR2 says that it was moved away. SIGUSR1 has no meaning here and does no harm.
struct LogReopening: Service {
    let log: Log
    let logger: Logger

    func run() async throws {
        for await signal in await UnixSignalsSequence(trapping: .sigusr1, .sigusr2).cancelOnGracefulShutdown() {
            guard signal == .sigusr2 else { continue }
            do {
                try log.reopen()
            } catch {
                logger.error("Failed to rotate log after signal", metadata: ["error": "\(error)"])
            }
        }
    }
}
