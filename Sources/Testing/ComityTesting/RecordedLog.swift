// SPDX-License-Identifier: Apache-2.0

package import Logging
import Synchronization

/// Keeps what is logged, for tests to look at.
package final class RecordedLog: Sendable {
    package struct Line: Sendable {
        package var level: Logger.Level
        package var message: String
        package var metadata: [String: String]
    }

    private let recorded = Mutex<[Line]>([])

    package init() {}

    package var lines: [Line] { recorded.withLock { $0 } }

    /// The lines with this message, in order.
    package func lines(_ message: String) -> [Line] {
        lines.filter { $0.message == message }
    }

    /// A logger whose lines of all levels come here.
    package func logger(label: String = "test") -> Logger {
        var logger = Logger(label: label) { _ in Handler(recorder: self) }
        logger.logLevel = .trace
        return logger
    }

    fileprivate func add(_ line: Line) {
        recorded.withLock { $0.append(line) }
    }
}

private struct Handler: LogHandler {
    let recorder: RecordedLog
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        recorder.add(
            RecordedLog.Line(
                level: event.level, message: event.message.description, metadata: all.mapValues { "\($0)" }))
    }
}
