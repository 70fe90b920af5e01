// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
package import Logging

/// One event on its way to the log, in logrus' terms.
package struct LogLine: Sendable {
    package struct Source: Sendable {
        package var function: String
        package var file: String
        package var line: UInt

        package init(function: String, file: String, line: UInt) {
            self.function = function
            self.file = file
            self.line = line
        }
    }

    package var time: Date
    package var level: LogLevel
    package var message: String
    package var fields: Logger.Metadata
    /// Shown when the log is told to show it.
    package var source: Source?

    package init(
        time: Date, level: LogLevel, message: String, fields: Logger.Metadata = [:], source: Source? = nil
    ) {
        self.time = time
        self.level = level
        self.message = message
        self.fields = fields
        self.source = source
    }

    /// The fields by their names on the line, in order: a field cannot pass for one of the log's own.
    var sortedFields: [(name: String, value: Logger.MetadataValue)] {
        var reserved: Set = ["time", "level", "msg", "logrus_error"]
        if source != nil { reserved.formUnion(["func", "file"]) }
        return
            fields
            .map { (name: reserved.contains($0.key) ? "fields.\($0.key)" : $0.key, value: $0.value) }
            .sorted { $0.name < $1.name }
    }
}
