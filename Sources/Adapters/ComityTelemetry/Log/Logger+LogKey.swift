// SPDX-License-Identifier: Apache-2.0

package import Logging

/// Call sites read `logger.info("Bundle refreshed", metadata: [.trustDomain: "…"])`.
extension Logger {
    package typealias Fields = [LogKey: Logger.MetadataValue]

    package subscript(key: LogKey) -> Logger.MetadataValue? {
        get { self[metadataKey: key.rawValue] }
        set { self[metadataKey: key.rawValue] = newValue }
    }

    /// The same logger with a field more, for a part of the program.
    package func with(_ key: LogKey, _ value: Logger.MetadataValue) -> Logger {
        var logger = self
        logger[key] = value
        return logger
    }

    package func log(
        level: Logger.Level, _ message: @autoclosure () -> Logger.Message, metadata: @autoclosure () -> Fields,
        file: String = #fileID, function: String = #function, line: UInt = #line
    ) {
        log(
            level: level, message(),
            metadata: Dictionary(uniqueKeysWithValues: metadata().map { ($0.key.rawValue, $0.value) }), file: file,
            function: function, line: line)
    }

    package func debug(
        _ message: @autoclosure () -> Logger.Message, metadata: @autoclosure () -> Fields, file: String = #fileID,
        function: String = #function, line: UInt = #line
    ) {
        log(level: .debug, message(), metadata: metadata(), file: file, function: function, line: line)
    }

    package func info(
        _ message: @autoclosure () -> Logger.Message, metadata: @autoclosure () -> Fields, file: String = #fileID,
        function: String = #function, line: UInt = #line
    ) {
        log(level: .info, message(), metadata: metadata(), file: file, function: function, line: line)
    }

    package func warning(
        _ message: @autoclosure () -> Logger.Message, metadata: @autoclosure () -> Fields, file: String = #fileID,
        function: String = #function, line: UInt = #line
    ) {
        log(level: .warning, message(), metadata: metadata(), file: file, function: function, line: line)
    }

    /// Says that something failed, and why. Work that was called off has not failed, so of that it says nothing.
    package func failure(
        _ message: @autoclosure () -> Logger.Message, _ error: any Error, level: Logger.Level = .error,
        metadata: @autoclosure () -> Fields = [:], file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        guard !Task.isCancelled, !(error is CancellationError) else { return }
        log(
            level: level, message(), metadata: metadata().merging([.error: "\(error)"]) { $1 }, file: file,
            function: function, line: line)
    }

    package func error(
        _ message: @autoclosure () -> Logger.Message, metadata: @autoclosure () -> Fields, file: String = #fileID,
        function: String = #function, line: UInt = #line
    ) {
        log(level: .error, message(), metadata: metadata(), file: file, function: function, line: line)
    }
}
