// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// A server of an unprivileged user whose disk is full and whose key folder cannot be written.
@Suite(.serialized) struct FullDiskTests {
    private static let prepare = ["localauthority", "x509", "prepare"]

    private let domain: Deployment
    private let user: UnprivilegedUser
    private let disk: SmallDisk
    private let healthPort: Int

    init() async throws {
        domain = try Deployment("one.test")
        healthPort = try FreePorts.two().0
        user = try UnprivilegedUser()
        for name in ["disk", "keys", "data"] { try user.makeFolder(domain.folder.path(name)) }
        disk = try await SmallDisk(at: domain.folder.path("disk"), of: user)
        try domain.writeServerConfiguration(
            keyManager: "\"disk\" { plugin_data { keys_path = \"\(domain.folder.path("keys/keys.json"))\" } }",
            database: domain.folder.path("disk/datastore.sqlite3"),
            more: """
                health_checks {
                    listener_enabled = true
                    bind_address = "127.0.0.1"
                    bind_port = "\(healthPort)"
                }
                """)
        try user.give(domain.folder.path)
    }

    @Test(
        "with a full disk and an unwritable key folder a server serves on, says why it is not ready, and recovers",
        .timeLimit(.minutes(4)))
    func servesOn() async throws {
        let server = try user.start(domain)
        defer { disk.remove() }
        try await eventually("the server is ready", or: { server.log }) {
            try await ready().status == 200 ? true : nil
        }
        let before = try #require(try await entry("/before"))

        try await disk.fill(against: server)
        try setMode(0o555)
        let refusal = try await eventually("an entry is refused", or: { server.log }) { () -> String? in
            let result = try await create("/refused-\(UInt32.random(in: 0 ... .max))")
            return result.exitCode == 0 ? nil : result.output + result.errors
        }
        #expect(refusal.contains("Unavailable") && refusal.contains("datastore-sql: "), "\(refusal)")
        let unprepared = try await command(Self.prepare)
        #expect(unprepared.exitCode == 1)
        #expect(unprepared.errors.contains("give the user that runs this program access to the file and its folder"))
        // What needs no writing goes on.
        #expect(try await command(["entry", "show", "-entryID", before]).exitCode == 0)
        #expect(try await command(["bundle", "show"]).exitCode == 0)
        #expect(try await command(["x509", "mint", "-spiffeID", "spiffe://one.test/m"]).exitCode == 0)
        #expect(try await command(["jwt", "mint", "-spiffeID", "spiffe://one.test/m", "-audience", "a"]).exitCode == 0)

        // Good checks run each minute.
        var seen = ""
        let sick = try await eventually("health says why", within: .seconds(75), or: { seen }) {
            let answer = try await ready()
            seen = answer.body
            return answer.status == 500 && answer.body.contains("rotation_err") ? answer.body : nil
        }
        #expect(sick.contains("\"write_err\":\"datastore-sql: "), "\(sick)")
        #expect(sick.contains("Permission denied"), "\(sick)")
        // A new start would help nobody.
        #expect(try await answer("/live").status == 200)

        try await disk.makeRoom(for: server)
        try setMode(0o700)
        try await eventually("the server is ready again", or: { server.log }) {
            try await ready().status == 200 ? true : nil
        }
        // What was asked for meanwhile is done.
        try await eventually("the authority is prepared", or: { server.log }) {
            let shown = try await domain.server("localauthority", "x509", "show").check().output
            return shown.contains("No prepared") ? nil : true
        }
        let after = try #require(try await entry("/after"))
        await server.stop(SIGKILL)
        let again = try user.start(domain, log: "server-2.log")
        defer { withExtendedLifetime(again) {} }
        try await eventually("both entries are there", or: { again.log }) { () -> Bool? in
            for id in [before, after] {
                guard try await command(["entry", "show", "-entryID", id]).exitCode == 0 else { return nil }
            }
            return true
        }
    }

    private func setMode(_ mode: Int) throws {
        try FileManager.default.setAttributes(
            [.posixPermissions: mode], ofItemAtPath: domain.folder.path("keys"))
    }

    // MARK: - Asking

    private func command(_ words: [String]) async throws -> ToolCommand.Result {
        try await domain.command("spire-server", words + ["-socketPath", domain.serverSocket])
    }

    private func create(_ path: String) async throws -> ToolCommand.Result {
        try await command([
            "entry", "create", "-parentID", "spiffe://one.test/node", "-spiffeID", "spiffe://one.test\(path)",
            "-selector", "unix:uid:1",
        ])
    }

    /// Creates an entry; answers with its ID.
    private func entry(_ path: String) async throws -> String? {
        try await create(path).output.split(separator: "\n").first { $0.hasPrefix("Entry ID") }?
            .split(separator: ":").last?.trimmingCharacters(in: .whitespaces)
    }

    private func ready() async throws -> (status: Int, body: String) {
        try await answer("/ready")
    }

    private func answer(_ path: String) async throws -> (status: Int, body: String) {
        let result = try await ToolCommand.run(
            "curl", ["-s", "-w", "\n%{http_code}", "http://127.0.0.1:\(healthPort)\(path)"])
        let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
        return (lines.last.flatMap { Int($0) } ?? 0, lines.dropLast().joined(separator: "\n"))
    }
}
