// SPDX-License-Identifier: Apache-2.0

package import ComityTelemetry
import GRPCCore
package import ServerAPIProtos

extension Spire_Api_Types_LogLevel {
    package init(_ level: LogLevel) {
        self =
            switch level {
            case .panic: .panic
            case .fatal: .fatal
            case .error: .error
            case .warning: .warn
            case .info: .info
            case .debug: .debug
            case .trace: .trace
            }
    }
}

extension LogLevel {
    /// - Throws: ``APIError`` with code `invalidArgument`.
    package init(_ proto: Spire_Api_Types_LogLevel) throws(APIError) {
        switch proto {
        case .panic: self = .panic
        case .fatal: self = .fatal
        case .error: self = .error
        case .warn: self = .warning
        case .info: self = .info
        case .debug: self = .debug
        case .trace: self = .trace
        case .unspecified:
            throw APIError(.invalidArgument, "newLevel value cannot be LogLevel_UNSPECIFIED")
        case .UNRECOGNIZED: throw APIError(.invalidArgument, "unsupported log level")
        }
    }
}

extension Spire_Api_Types_Logger {
    /// The levels of a program as they are now.
    package init(_ levels: LogLevelSwitch) {
        self.init()
        currentLevel = Spire_Api_Types_LogLevel(levels.current)
        launchLevel = Spire_Api_Types_LogLevel(levels.launch)
    }
}
