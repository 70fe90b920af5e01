// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// Ports, sockets and folders that cannot be had: the start ends, and the message names the place and the cure.
@Suite(.serialized) struct TakenPlaceTests {
    private let domain: Deployment

    init() throws {
        domain = try Deployment("one.test")
    }

    @Test("a port, a socket and a health port that another server has end the start of a server")
    func serverNamesWhatIsTaken() async throws {
        let health = try FreePorts.two().0
        try domain.writeServerConfiguration(more: Self.healthChecks(health))
        let server = try await domain.startServer()
        defer { withExtendedLifetime(server) {} }
        let other = try Deployment("two.test")
        func ends(
            ports: Deployment.Ports? = nil, more: String = "", flags: [String] = [], _ words: String...
        ) async throws {
            let second = try Deployment("two.test", ports: ports ?? other.ports)
            try second.writeServerConfiguration(more: more)
            try await endsAtStart(second, "spire-server", "conf/server.conf", flags, words)
        }

        try await ends(
            ports: .init(server: domain.ports.server, bundleEndpoint: other.ports.bundleEndpoint),
            "another process already listens on 127.0.0.1:\(domain.ports.server)", "set another bind_port")
        try await ends(
            ports: .init(server: other.ports.server, bundleEndpoint: domain.ports.bundleEndpoint),
            "bundle endpoint cannot listen on 127.0.0.1 port \(domain.ports.bundleEndpoint): another process already "
                + "does; stop it or set another port")
        try await ends(
            more: Self.healthChecks(health),
            "health checks cannot be served on 127.0.0.1 port \(health): another process already listens there",
            "set health_checks.bind_port")
        try await ends(
            flags: ["-socketPath", domain.serverSocket],
            "another process already listens on socket \(domain.serverSocket); stop it or set another socket path")
        #expect(try await domain.server("healthcheck").exitCode == 0)
    }

    @Test("the socket and the health port of a live agent end the start of another, which leaves it working")
    func agentNamesWhatIsTaken() async throws {
        let health = try FreePorts.two().0
        try domain.writeServerConfiguration()
        try domain.writeAgentConfiguration(more: Self.healthChecks(health))
        let server = try await domain.startServer()
        let agent = try await domain.startAgent()
        defer { withExtendedLifetime((server, agent)) {} }

        for (more, flags, words) in [
            (
                "", ["-socketPath", domain.agentSocket],
                "another process already listens on socket \(domain.agentSocket); stop it or set another socket path"
            ),
            (
                Self.healthChecks(health), [],
                "health checks cannot be served on 127.0.0.1 port \(health): another process already listens there"
            ),
        ] {
            let second = try Deployment("one.test", ports: domain.ports)
            try second.writeAgentConfiguration(more: more)
            try FileManager.default.copyItem(
                atPath: domain.folder.path("bootstrap.pem"), toPath: second.folder.path("bootstrap.pem"))
            let token = try await domain.server("token", "generate").check().output
                .split(separator: "\n")[0].replacing("Token: ", with: "")
            try await endsAtStart(
                second, "spire-agent", "conf/agent.conf", flags + ["-joinToken", String(token)], [words])
        }
        #expect(try await domain.agent("healthcheck").exitCode == 0)
    }

    @Test("keys and a database that a running server has end the start of another, which names that server's process")
    func serverNamesWhoHasItsFiles() async throws {
        try domain.writeServerConfiguration()
        let server = try await domain.startServer()
        let configuration = try String(contentsOfFile: domain.folder.path("conf/server.conf"), encoding: .utf8)
        for (shared, own, words) in [
            (
                "keys.json", "datastore.sqlite3",
                "key file \\\"\(domain.folder.path("keys.json"))\\\" is in use by process \(server.processID); stop it"
            ),
            (
                "datastore.sqlite3", "keys.json",
                "database \\\"\(domain.folder.path("datastore.sqlite3"))\\\" is in use by process \(server.processID)"
            ),
        ] {
            let second = try Deployment("one.test")
            var text = configuration.replacing(domain.folder.path(own), with: second.folder.path(own))
            text = text.replacing("\"\(domain.ports.server)\"", with: "\"\(second.ports.server)\"")
            text = text.replacing(
                "port = \(domain.ports.bundleEndpoint)", with: "port = \(second.ports.bundleEndpoint)")
            text = text.replacing(domain.serverSocket, with: second.serverSocket)
            #expect(text.contains(domain.folder.path(shared)))
            try text.write(toFile: second.folder.path("conf/server.conf"), atomically: true, encoding: .utf8)
            try await endsAtStart(second, "spire-server", "conf/server.conf", [], [words])
        }
        #expect(try await domain.server("healthcheck").exitCode == 0)
        await server.stop(SIGKILL)
        // Nothing stays behind that would keep the next one out.
        let next = try await domain.startServer(log: "next.log")
        #expect(next.isRunning)
    }

    @Test("a data folder that this user may not write to ends the start and is left as it was")
    func refusesAFolderOfOthers() async throws {
        try domain.writeServerConfiguration()
        let data = domain.folder.path("data")
        try FileManager.default.createDirectory(
            atPath: data, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o500])

        try await endsAtStart(
            domain, "spire-server", "conf/server.conf", [],
            ["data folder \(data) cannot be written to: Permission denied; let this user write there or set another"],
            isUnprivileged: true)
        try await endsAtStart(
            domain, "spire-server", "conf/server.conf", ["-dataDir", "\(data)/below/it"],
            ["data folder \(data)/below/it cannot be made: Permission denied"], isUnprivileged: true)

        #expect(try FileManager.default.contentsOfDirectory(atPath: data).isEmpty)
    }

    private static func healthChecks(_ port: Int) -> String {
        """
        health_checks {
            listener_enabled = true
            bind_address = "127.0.0.1"
            bind_port = "\(port)"
        }
        """
    }

    /// - Parameter isUnprivileged: Whether root, too, is bound by the modes of files.
    private func endsAtStart(
        _ domain: Deployment, _ name: String, _ configuration: String, _ flags: [String], _ words: [String],
        isUnprivileged: Bool = false
    ) async throws {
        let command = [domain.folder.path(name), "run", "-config", domain.folder.path(configuration)] + flags
        let withoutPrivileges = isUnprivileged && getuid() == 0 ? ["setpriv", "--bounding-set=-all"] : []
        let program = try RunningProgram(
            "/usr/bin/env", withoutPrivileges + command, in: domain.folder.path,
            log: domain.folder.path("\(name)-second.log"))
        #expect(await program.exit() == 1)
        for word in words { #expect(program.log.contains(word), "\(program.log)") }
        for word in ["bind(", "errno", "NIO"] { #expect(!program.log.contains(word), "\(program.log)") }
    }
}
