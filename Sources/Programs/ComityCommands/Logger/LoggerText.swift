// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import ComityWire
import SPIFFE
import ServerAPIProtos

extension Spire_Api_Types_Logger {
    var json: JSONValue {
        .message(["current_level": .string(currentLevel.protoName), "launch_level": .string(launchLevel.protoName)])
    }

    var text: String {
        "Logger Level : \(currentLevel.logName)\nLaunch Level : \(launchLevel.logName)\n\n"
    }
}

extension Spire_Api_Types_LogLevel {
    fileprivate var protoName: String {
        switch self {
        case .unspecified: "UNSPECIFIED"
        case .panic: "PANIC"
        case .fatal: "FATAL"
        case .error: "ERROR"
        case .warn: "WARN"
        case .info: "INFO"
        case .debug: "DEBUG"
        case .trace: "TRACE"
        case .UNRECOGNIZED(let number): "\(number)"
        }
    }

    /// As log lines and the configuration name it.
    fileprivate var logName: String {
        (try? LogLevel(self))?.rawValue ?? protoName
    }
}
