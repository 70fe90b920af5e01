// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import Logging

/// Writes log events in the shapes of logrus, which SPIRE's users and their tools know.
package struct LogrusLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?

    /// Set for one logger and its copies, which the switch then no longer moves.
    private var ownLevel: Logger.Level?
    private let levels: LogLevelSwitch
    private let format: LogFormat
    private let showsSourceLocation: Bool
    private let output: LogOutput
    private let now: @Sendable () -> Date

    /// - Parameter levels: Decides what is logged; the settings' level when nil.
    package init(
        settings: LogSettings, output: LogOutput, levels: LogLevelSwitch? = nil,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.levels = levels ?? LogLevelSwitch(settings.level)
        format = settings.format
        showsSourceLocation = settings.showsSourceLocation
        self.output = output
        self.now = now
    }

    package var logLevel: Logger.Level {
        get { ownLevel ?? levels.current.loggerLevel }
        set { ownLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields = metadata
        if let provided = metadataProvider?.get(), !provided.isEmpty { fields.merge(provided) { $1 } }
        if let given = event.metadata { fields.merge(given) { $1 } }
        if let error = event.error, fields[LogKey.error.rawValue] == nil {
            fields[LogKey.error.rawValue] = "\(error)"
        }
        let line = LogLine(
            time: now(), level: LogLevel(event.level), message: event.message.description, fields: fields,
            source: showsSourceLocation
                ? LogLine.Source(function: event.function, file: event.file, line: event.line) : nil)
        switch format {
        case .standard: output.write(line.text(.seconds))
        case .text: output.write(line.text(.nanoseconds))
        case .json: output.write(line.json())
        }
    }
}
