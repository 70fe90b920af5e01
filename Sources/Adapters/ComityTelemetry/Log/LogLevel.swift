// SPDX-License-Identifier: Apache-2.0

package import Logging

/// A level of the log, by the names that SPIRE's configuration and log lines use.
package enum LogLevel: String, Sendable, Hashable, CaseIterable {
    case panic
    case fatal
    case error
    case warning
    case info
    case debug
    case trace

    /// Reads a level in any letter case; `warn` is `warning`. Nil for another word.
    package init?(name: String) {
        let lowered = name.lowercased()
        self.init(rawValue: lowered == "warn" ? "warning" : lowered)
    }

    /// The level at which our loggers stop being silent.
    package var loggerLevel: Logger.Level {
        switch self {
        case .panic, .fatal: .critical
        case .error: .error
        case .warning: .warning
        case .info: .info
        case .debug: .debug
        case .trace: .trace
        }
    }

    /// The name that a line of our loggers carries.
    package init(_ level: Logger.Level) {
        switch level {
        case .trace: self = .trace
        case .debug: self = .debug
        case .info, .notice: self = .info
        case .warning: self = .warning
        case .error: self = .error
        case .critical: self = .fatal
        }
    }
}
