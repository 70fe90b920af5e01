// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import Logging

/// Writes log events in the shapes of logrus, which SPIRE's users and their tools know.
package struct LogrusLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    package var metadataProvider: Logger.MetadataProvider?

    private let format: LogFormat
    private let showsSourceLocation: Bool
    private let output: LogOutput
    private let now: @Sendable () -> Date

    package init(settings: LogSettings, output: LogOutput, now: @escaping @Sendable () -> Date = { Date() }) {
        logLevel = settings.level.loggerLevel
        format = settings.format
        showsSourceLocation = settings.showsSourceLocation
        self.output = output
        self.now = now
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
