// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import ComityWire
import GRPCCore
import ServerAPIProtos

/// Changes the level of the running agent's log.
struct LoggerService: Spire_Api_Agent_Logger_V1_Logger.SimpleServiceProtocol {
    let levels: LogLevelSwitch

    func getLogger(
        request: Spire_Api_Agent_Logger_V1_GetLoggerRequest, context: ServerContext
    ) async throws -> Spire_Api_Types_Logger {
        Spire_Api_Types_Logger(levels)
    }

    func setLogLevel(
        request: Spire_Api_Agent_Logger_V1_SetLogLevelRequest, context: ServerContext
    ) async throws -> Spire_Api_Types_Logger {
        levels.current = try LogLevel(request.newLevel)
        return Spire_Api_Types_Logger(levels)
    }

    func resetLogLevel(
        request: Spire_Api_Agent_Logger_V1_ResetLogLevelRequest, context: ServerContext
    ) async throws -> Spire_Api_Types_Logger {
        levels.current = levels.launch
        return Spire_Api_Types_Logger(levels)
    }
}
