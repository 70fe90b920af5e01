// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// The system's PostgreSQL server in a scratch folder; ended, and the folder removed, with whoever started it.
package final class PostgresServer: Sendable {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package static let password = "s3cret-of-the-database"
    /// Started for the first that asks and awaited by all.
    private static let sharedStart = Task { try await PostgresServer() }

    /// One server for all tests of the process; each makes a database of its own there.
    package static var shared: PostgresServer {
        get async throws { try await sharedStart.value }
    }

    private let folder: TemporaryFolder
    private let port: Int
    private let tools: String
    /// Carries commands to the script; its end is the script's.
    private let commands: Pipe
    private let answers: Pipe

    /// - Throws: ``Failure``, so that a test never passes for want of the server.
    package init() async throws {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        guard let version = versions.compactMap({ Int($0) }).max() else {
            throw Failure(description: "no PostgreSQL in /usr/lib/postgresql; run: Scripts/prerequisites test")
        }
        tools = "/usr/lib/postgresql/\(version)/bin"
        folder = try TemporaryFolder()
        port = try FreePorts.two().0
        (commands, answers) = (Pipe(), Pipe())
        // What other tests start must not hold it open.
        _ = fcntl(commands.fileHandleForWriting.fileDescriptor, F_SETFD, FD_CLOEXEC)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", Self.script, "postgres", folder.path, String(port), tools, Self.password]
        process.standardInput = commands
        process.standardOutput = answers
        process.standardError = FileHandle.nullDevice
        try process.run()
        try await expect("ready", after: nil)
    }

    package func stop() async throws {
        try await expect("stopped", after: "stop")
    }

    package func start() async throws {
        try await expect("ready", after: "start")
    }

    // MARK: - Databases

    /// Makes an empty database; answers with its name.
    package func makeDatabase() async throws -> String {
        let name = "test_\(UInt64.random(in: .min ... .max))"
        try await run("CREATE DATABASE \(name)", in: "postgres")
        return name
    }

    /// Over the Unix socket, or over TCP with a password.
    package func connectionString(_ database: String, overTCP: Bool = false) -> String {
        let login = "dbname=\(database) user=comity port=\(port)"
        return overTCP
            ? "\(login) host=127.0.0.1 password=\(Self.password) sslmode=disable" : "\(login) host=\(folder.path)"
    }

    /// Runs SQL as somebody else than the program under test; answers with the rows.
    @discardableResult
    package func run(_ sql: String, in database: String) async throws -> String {
        let result = try await ToolCommand.run(
            "\(tools)/psql", ["-qAtX", "-v", "ON_ERROR_STOP=1", "-d", connectionString(database)], input: sql)
        guard result.exitCode == 0 else { throw Failure(description: "psql: \(result.errors)\n\(sql)") }
        return result.output
    }

    /// What another program would see of the database: its tables and their rows.
    package func dump(_ database: String) async throws -> String {
        let result = try await ToolCommand.run(
            "\(tools)/pg_dump", ["--inserts", "-d", connectionString(database)])
        guard result.exitCode == 0 else { throw Failure(description: "pg_dump: \(result.errors)") }
        // These lines hold a random word.
        return result.output.split(separator: "\n").filter { !$0.contains("restrict ") }.joined(separator: "\n")
    }

    // MARK: - Script

    private func expect(_ answer: String, after command: String?) async throws {
        if let command {
            try commands.fileHandleForWriting.write(contentsOf: Data("\(command)\n".utf8))
        }
        let file = answers.fileHandleForReading
        let line = await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(returning: String(decoding: file.availableData, as: UTF8.self))
            }
        }
        guard line == "\(answer)\n" else {
            let log = (try? String(contentsOfFile: folder.path("log"), encoding: .utf8)) ?? ""
            throw Failure(description: "PostgreSQL did not say \"\(answer)\" but \"\(line)\":\n\(log)")
        }
    }

    /// Takes the commands `start` and `stop`; at the end of input it stops the server. The server refuses to be root's.
    private static let script = """
        folder=$1 port=$2 tools=$3 password=$4
        as=
        if [ "$(id -u)" = 0 ]; then
            chown postgres "$folder"
            as="setpriv --reuid postgres --regid postgres --init-groups"
        fi
        cd "$folder"
        exec 2> log
        # Other users, such as those of the tests, come to the socket.
        chmod 755 .
        echo "$password" > password
        chmod 644 password
        $as "$tools/initdb" -D data -U comity -A trust --auth-host=scram-sha-256 --pwfile=password -E UTF8 \\
            --locale=C.UTF-8 --no-sync >&2
        begin() {
            $as "$tools/postgres" -D data -k "$folder" -p "$port" -c listen_addresses=127.0.0.1 -c fsync=off \\
                -c max_connections=300 >&2 < /dev/null &
            process=$!
            until "$tools/pg_isready" -q -h "$folder" -p "$port"; do
                kill -0 "$process" || exit 1
                sleep 0.05
            done
            echo ready
        }
        finish() {
            kill -INT "$process" && wait "$process"
        }
        begin
        while read -r command; do
            case $command in
            start) begin ;;
            stop) finish; echo stopped ;;
            esac
        done
        finish
        rm -rf "$folder"
        """
}
