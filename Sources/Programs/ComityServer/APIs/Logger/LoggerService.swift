// SPDX-License-Identifier: Apache-2.0

package import ComityTelemetry
import ComityTransport
import ComityWire
package import GRPCCore
import Logging
package import ServerAPIProtos

/// Changes the level of the running server's log.
package struct LoggerService: Spire_Api_Server_Logger_V1_Logger.SimpleServiceProtocol {
    private let levels: LogLevelSwitch

    package init(levels: LogLevelSwitch) {
        self.levels = levels
    }

    package func getLogger(
        request: Spire_Api_Server_Logger_V1_GetLoggerRequest, context: ServerContext
    ) async throws -> Spire_Api_Types_Logger {
        Spire_Api_Types_Logger(levels)
    }

    package func setLogLevel(
        request: Spire_Api_Server_Logger_V1_SetLogLevelRequest, context: ServerContext
    ) async throws -> Spire_Api_Types_Logger {
        let logger = RequestLogger.current
        levels.current = try await answering(logger) { try LogLevel(request.newLevel) }
        return Spire_Api_Types_Logger(levels)
    }

    package func resetLogLevel(
        request: Spire_Api_Server_Logger_V1_ResetLogLevelRequest, context: ServerContext
    ) async throws -> Spire_Api_Types_Logger {
        levels.current = levels.launch
        return Spire_Api_Types_Logger(levels)
    }
}
