// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation

/// The files, or the database, of a SPIRE server that was stopped.
struct StoppedSPIREServer {
    let fixture: SPIREFixture
    let folder: TemporaryFolder
    private let dialect: SPIREFixture.Dialect
    private let database: String

    /// The file of an SQLite database.
    var databasePath: String { database }

    init(_ fixture: SPIREFixture, _ dialect: SPIREFixture.Dialect) async throws {
        self.fixture = fixture
        self.dialect = dialect
        folder = try TemporaryFolder()
        try fixture.keyFile.write(toFile: folder.path("keys.json"), atomically: true, encoding: .utf8)
        switch dialect {
        case .sqlite:
            database = folder.path("data #1.sqlite3")
            // The file says WAL, as SPIRE's do; closing merges what is beside it.
            try await Self.python(
                "d.execute('PRAGMA journal_mode=WAL')\nd.executescript(sys.stdin.read())", on: database,
                input: try fixture.script(dialect))
        case .postgres:
            let postgres = try await PostgresServer.shared
            database = try await postgres.makeDatabase()
            try await postgres.run(try fixture.script(dialect), in: database)
            try await waitForSessions()
        }
    }

    /// A session goes a moment after its client has.
    private func waitForSessions() async throws {
        let postgres = try await PostgresServer.shared
        try await eventually("nobody is connected") {
            let sessions = try await postgres.run(
                "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '\(database)'", in: "postgres")
            return sessions == "0\n" ? true : nil
        }
    }

    /// The flags that name it.
    var flags: [String] {
        get async throws {
            let keys = ["-sourceKeys", folder.path("keys.json")]
            guard dialect == .postgres else { return ["-source", database] + keys }
            let connection = try await PostgresServer.shared.connectionString(database, overTCP: true)
            return ["-sourceType", "postgres", "-source", connection] + keys
        }
    }

    /// Runs Python with the database as `d`.
    private static func python(_ program: String, on database: String, input: String) async throws {
        try await ToolCommand.run(
            try PythonClient.interpreter(),
            ["-c", "import sqlite3, sys\nd = sqlite3.connect(sys.argv[1])\n\(program)\nd.close()", database],
            input: input
        ).check()
    }

    /// Changes the database, as its owner would.
    func execute(_ sql: String) async throws {
        try await Self.python("d.executescript(sys.stdin.read())", on: database, input: sql)
    }

    /// All there is, to be compared.
    var content: [String] {
        get async throws {
            var content = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
                "\(name) \(try Data(contentsOf: URL(filePath: folder.path(name))).base64EncodedString())"
            }
            if dialect == .postgres {
                content.append(try await PostgresServer.shared.dump(database))
                try await waitForSessions()
            }
            return content
        }
    }

    /// Opens the database and keeps it open.
    func open(logging log: String) throws -> RunningProgram {
        try RunningProgram(
            try PythonClient.interpreter(),
            [
                "-u", "-c",
                """
                import sqlite3, sys, time
                d = sqlite3.connect(sys.argv[1])
                d.execute('SELECT COUNT(*) FROM bundles').fetchall()
                print('open')
                time.sleep(600)
                """, database,
            ], in: folder.path, log: log)
    }

    /// Leaves what a killed server leaves: changes beside the file.
    func addSideFile() throws {
        try Data([1]).write(to: URL(filePath: database + "-wal"))
    }
}
