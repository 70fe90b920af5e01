// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import ComityTesting
import Foundation
import Logging
import Testing

@Suite struct LogTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("spire.log")
    }

    private func log(_ level: LogLevel = .info, _ format: LogFormat = .standard, source: Bool = false) throws -> Log {
        try Log(LogSettings(level: level, format: format, file: path, showsSourceLocation: source)) {
            Date(timeIntervalSince1970: 0)
        }
    }

    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test func writesLinesWithTheirSubsystemAndFields() throws {
        let logger = try log().logger(subsystem: "bundle_client")
        logger.info("Bundle refreshed", metadata: [.trustDomain: "beta.test"])
        logger.with(.requestID, "7").notice("Done", metadata: ["own": "x"])
        #expect(
            try lines(path) == [
                "time=\"1970-01-01T00:00:00Z\" level=info msg=\"Bundle refreshed\" subsystem_name=bundle_client "
                    + "trust_domain=beta.test",
                "time=\"1970-01-01T00:00:00Z\" level=info msg=Done own=x request_id=7 subsystem_name=bundle_client",
            ])
    }

    @Test func isSilentBelowItsLevel() throws {
        let logger = try log(.warning).logger()
        logger.info("no", metadata: [.error: "x"])
        logger.warning("yes", metadata: [.error: "x"])
        logger.error("yes")
        #expect(try lines(path).count == 2)
    }

    @Test func levelsMoveEveryLoggerAtOnceAndBack() throws {
        let log = try log(.warning)
        let first = log.logger()
        var second = log.logger(subsystem: "x")
        log.levels.current = .debug
        first.debug("yes")
        second.info("yes")
        log.levels.current = .panic
        first.error("no")
        second.logLevel = .info
        second.info("its own level stays")
        log.levels.current = log.levels.launch
        first.info("no")
        #expect(try lines(path).count == 3)
        #expect(log.levels.current == .warning)
    }

    @Test func writesJSONWithTheSourceWhenTold() throws {
        try log(.info, .json, source: true).logger().error("Failed", metadata: [.error: "no \"way\""])
        let line = try #require(try lines(path).first)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
        #expect(object["error"] == "no \"way\"")
        #expect(object["func"] == "writesJSONWithTheSourceWhenTold()")
        #expect(object["file"]?.hasPrefix("ComityTelemetryTests/LogTests.swift:") == true)
        #expect(object["level"] == "error")
    }

    @Test func opensItsFileAnewWhenTold() throws {
        let log = try log()
        let moved = folder.path("spire.log.1")
        log.logger().info("first")
        try FileManager.default.moveItem(atPath: path, toPath: moved)
        log.logger().info("second")
        try log.reopen()
        log.logger().info("third")
        #expect(try lines(moved).count == 2)
        #expect(try lines(path).count == 1)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode.map { $0 & 0o137 } == 0)
    }

    @Test func keepsTheLinesOfManyThreadsWhole() async throws {
        let logger = try log().logger()
        let text = String(repeating: "x", count: 500)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<100 { logger.info("\(text)") }
                }
            }
        }
        let lines = try lines(path)
        #expect(lines.count == 800)
        #expect(lines.allSatisfy { $0 == "time=\"1970-01-01T00:00:00Z\" level=info msg=\(text)" })
    }

    @Test func saysWhichLogFileCannotBeOpened() {
        let error = #expect(throws: TelemetryError.self) {
            try Log(LogSettings(file: folder.path("no/such/folder.log")))
        }
        #expect(error == TelemetryError(.logFile, ""))
        #expect(error?.message.contains("no/such/folder.log cannot be opened (No such file or directory)") == true)
    }
}
