// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import Logging

/// The log of a program: makes its loggers and opens its file anew when told.
package struct Log: Sendable {
    /// What the loggers of this log write.
    package let levels: LogLevelSwitch
    private let settings: LogSettings
    private let output: LogOutput
    private let now: @Sendable () -> Date

    /// - Throws: ``TelemetryError`` with code `logFile`.
    package init(_ settings: LogSettings, now: @escaping @Sendable () -> Date = { Date() }) throws(TelemetryError) {
        self.settings = settings
        self.now = now
        levels = LogLevelSwitch(settings.level)
        output = try LogOutput(path: settings.file, usesStandardError: settings.usesStandardError)
    }

    /// - Parameter subsystem: The field `subsystem_name` of its lines.
    package func logger(subsystem: String? = nil) -> Logger {
        var logger = Logger(
            label: subsystem ?? "comity",
            factory: { _ in LogrusLogHandler(settings: settings, output: output, levels: levels, now: now) })
        if let subsystem { logger[.subsystemName] = "\(subsystem)" }
        return logger
    }

    /// Opens the log file anew after it was moved away (SIGUSR2).
    package func reopen() throws(TelemetryError) {
        try output.reopen()
    }
}
