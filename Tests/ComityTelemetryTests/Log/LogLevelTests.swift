// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import Logging
import Testing

@Suite struct LogLevelTests {
    @Test(arguments: [
        ("DEBUG", LogLevel.debug), ("info", .info), ("warn", .warning), ("Warning", .warning), ("ERROR", .error),
        ("fatal", .fatal), ("panic", .panic), ("trace", .trace),
    ])
    func readsTheNamesOfLogrus(name: String, level: LogLevel) {
        #expect(LogLevel(name: name) == level)
    }

    @Test(arguments: ["", "notice", "critical", "verbose", " info"])
    func refusesOtherNames(name: String) {
        #expect(LogLevel(name: name) == nil)
    }

    @Test(arguments: [
        (Logger.Level.trace, "trace"), (.debug, "debug"), (.info, "info"), (.notice, "info"), (.warning, "warning"),
        (.error, "error"), (.critical, "fatal"),
    ])
    func namesTheLevelsOfLoggers(level: Logger.Level, name: String) {
        #expect(LogLevel(level).rawValue == name)
    }
}
