// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ComityClient
import ServerAPIProtos
import SwiftProtobuf

/// The flags that lead to a program whose log level can be changed.
protocol LoggerDoor: ParsableArguments {
    static var program: String { get }

    /// Asks the program, and answers with its levels afterwards.
    func ask(_ question: LoggerQuestion) async throws -> Spire_Api_Types_Logger
}

enum LoggerQuestion: Hashable, Sendable {
    case get, reset
    case set(Spire_Api_Types_LogLevel)
}

extension ServerOptions: LoggerDoor {
    static let program = "server"

    func ask(_ question: LoggerQuestion) async throws -> Spire_Api_Types_Logger {
        try await connect { api in
            switch question {
            case .get: try await api.logger.getLogger(Spire_Api_Server_Logger_V1_GetLoggerRequest())
            case .reset: try await api.logger.resetLogLevel(Spire_Api_Server_Logger_V1_ResetLogLevelRequest())
            case .set(let level): try await api.logger.setLogLevel(.with { $0.newLevel = level })
            }
        }
    }
}

extension AgentAdminOptions: LoggerDoor {
    static let program = "agent"

    func ask(_ question: LoggerQuestion) async throws -> Spire_Api_Types_Logger {
        try await connect { api in
            switch question {
            case .get: try await api.logger.getLogger(Spire_Api_Agent_Logger_V1_GetLoggerRequest())
            case .reset: try await api.logger.resetLogLevel(Spire_Api_Agent_Logger_V1_ResetLogLevelRequest())
            case .set(let level): try await api.logger.setLogLevel(.with { $0.newLevel = level })
            }
        }
    }
}
