// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// Docs/Compatibility.md says of everything that SPIRE offers what Comity makes of it, and is true.
@Suite struct CompatibilityTests {
    private let names: CompatibilityNames
    private let domain: Deployment
    private let probe: CompatibilityProbe

    init() throws {
        names = try CompatibilityNames()
        domain = try Deployment("one.test")
        probe = CompatibilityProbe(domain: domain)
    }

    @Test("the table of compatibility is what the running programs say", .timeLimit(.minutes(5)))
    func tableIsTrue() async throws {
        var table = CompatibilityTable(remarks: try CompatibilityRemarks())
        try await addServices(&table)
        try await addCommands(&table)
        for program in ["server", "agent"] {
            try await addKeys(of: program, &table)
            try await addPlugins(of: program, &table)
        }
        let document = table.document()

        #expect(table.faults.isEmpty, "\(table.faults.joined(separator: "\n"))")
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Docs/Compatibility.md")
        guard ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == nil else {
            try Data(document.utf8).write(to: file)
            Issue.record("wrote Docs/Compatibility.md; run again without RECORD_SNAPSHOTS")
            return
        }
        let written = try String(contentsOf: file, encoding: .utf8)
        let (old, new) = (written.split(separator: "\n"), document.split(separator: "\n"))
        let changes = new.difference(from: old).map { change in
            switch change {
            case .insert(_, let line, _): "+ \(line)"
            case .remove(_, let line, _): "- \(line)"
            }
        }
        #expect(changes.isEmpty, "record Docs/Compatibility.md anew:\n\(changes.joined(separator: "\n"))")
    }

    private func addServices(_ table: inout CompatibilityTable) async throws {
        try domain.writeServerConfiguration()
        try domain.writeAgentConfiguration(agent: "admin_socket_path = \"\(domain.agentAdminSocket)\"")
        let server = try await domain.startServer()
        let agent = try await domain.startAgent()
        defer { withExtendedLifetime((server, agent)) {} }
        let sockets = [
            "server": domain.serverSocket, "agent": domain.agentSocket, "admin": domain.agentAdminSocket,
        ]
        table.section("RPCs", columns: "at", "service", "method")
        for service in names.services {
            for method in service.methods {
                let socket = try #require(sockets[service.socket])
                let isOffered = try await probe.offers(method, of: service.name, at: socket)
                table.row(
                    "rpc \(service.socket) \(service.name)/\(method)", isOffered ? .accepted : .refused,
                    columns: service.socket, service.name, method)
            }
        }
    }

    private func addCommands(_ table: inout CompatibilityTable) async throws {
        table.section("Commands", columns: "command", "flags")
        for program in ["spire-server", "spire-agent"] {
            var offered = try await probe.commands(of: program)
            for command in names.commands where command.words[0] == program {
                let name = command.words.joined(separator: " ")
                guard let flags = offered.removeValue(forKey: command.words) else {
                    table.row("command \(name)", .refused, columns: name, command.flags.joined(separator: " "))
                    continue
                }
                let known = command.flags.filter(flags.contains)
                table.row("command \(name)", .accepted, columns: name, known.joined(separator: " "))
                for flag in command.flags where !flags.contains(flag) {
                    table.row("flag \(name) \(flag)", .refused, columns: name, flag)
                }
                for flag in flags.subtracting(command.flags).sorted() {
                    table.addition("flag \(name) \(flag)", columns: name, flag)
                }
            }
            for words in offered.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                let name = words.joined(separator: " ")
                table.addition(
                    "command \(name)", columns: name, (offered[words] ?? []).sorted().joined(separator: " "))
            }
        }
    }

    private func addKeys(of program: String, _ table: inout CompatibilityTable) async throws {
        table.section("Configuration of the \(program)", columns: "key")
        for setting in names.settings where setting.program == program && setting.kind == .key {
            let path = setting.path.joined(separator: " ")
            table.row("key \(program) \(path)", try await probe.answer(to: setting), columns: path)
        }
    }

    private func addPlugins(of program: String, _ table: inout CompatibilityTable) async throws {
        table.section("Plugins of the \(program)", columns: "plugin", "option")
        var refused: Set<String> = []
        for setting in names.settings where setting.program == program && setting.kind != .key {
            let plugin = setting.path.prefix(2).joined(separator: " ")
            // What is refused by its name needs no look at its options.
            let answer =
                setting.text == nil && refused.contains(plugin) ? .refused : try await probe.answer(to: setting)
            if setting.kind == .plugin, answer == .refused { refused.insert(plugin) }
            let option = setting.path.dropFirst(2).joined(separator: " ")
            table.row(
                "\(setting.kind.rawValue) \(program) \(setting.path.joined(separator: " "))",
                answer, columns: plugin, option)
        }
    }
}
