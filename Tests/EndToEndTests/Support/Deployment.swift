// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE

/// One trust domain as an operator runs it: a server and an agent as processes, started from files, asked by commands.
final class Deployment: Sendable {
    struct Ports: Sendable {
        var server: Int
        var bundleEndpoint: Int

        /// Free at this moment; taken from the kernel.
        static func free() throws -> Ports {
            let ports = try FreePorts.two()
            return Ports(server: ports.0, bundleEndpoint: ports.1)
        }
    }

    let trustDomain: String
    let folder: TemporaryFolder
    /// Nobody but the operator may enter it.
    let privateFolder: TemporaryFolder
    let ports: Ports

    init(_ trustDomain: String, ports: Ports? = nil) throws {
        self.trustDomain = trustDomain
        self.ports = try ports ?? .free()
        folder = try TemporaryFolder()
        privateFolder = try TemporaryFolder()
        try BuiltExecutable.link(into: folder)
        try FileManager.default.createDirectory(atPath: folder.path("conf"), withIntermediateDirectories: true)
    }

    var serverSocket: String { folder.path("server.sock") }
    var agentSocket: String { folder.path("agent.sock") }
    var agentAdminSocket: String { privateFolder.path("admin.sock") }
    var bundleEndpointURL: String { "https://localhost:\(ports.bundleEndpoint)/" }

    // MARK: - Files

    /// - Parameters:
    ///   - federation: what stands in the `federation` block beside the bundle endpoint, such as `federates_with`.
    ///   - server: further keys of the `server` block.
    ///   - port: where agents reach it, if not at its own port.
    ///   - database: the path of its SQLite file, if it is not to be in the folder.
    ///   - postgres: the connection string of a shared database, if it is not to be a file of its own.
    ///   - plugins: further plugins.
    ///   - plugins: further plugins.
    ///   - more: further blocks.
    func writeServerConfiguration(
        federation: String = "", server: String = "", bundleEndpoint: String = "refresh_hint = \"1m\"",
        keyManager: String? = nil, database: String? = nil, postgres: String? = nil, port: Int? = nil,
        plugins: String = "", more: String = ""
    ) throws {
        let keyManager = keyManager ?? "\"disk\" { plugin_data { keys_path = \"\(folder.path("keys.json"))\" } }"
        let text = """
            server {
                bind_address = "127.0.0.1"
                bind_port = "\(port ?? ports.server)"
                socket_path = "\(serverSocket)"
                trust_domain = "\(trustDomain)"
                data_dir = "\(folder.path("data"))"
                log_level = "DEBUG"
                \(server)
                federation {
                    bundle_endpoint {
                        address = "127.0.0.1"
                        port = \(ports.bundleEndpoint)
                        \(bundleEndpoint)
                    }
                    \(federation)
                }
            }
            plugins {
                DataStore "sql" {
                    plugin_data {
                        database_type = "\(postgres == nil ? "sqlite3" : "postgres")"
                        connection_string = "\(postgres ?? database ?? folder.path("datastore.sqlite3"))"
                    }
                }
                KeyManager \(keyManager)
                NodeAttestor "join_token" { plugin_data {} }
                \(plugins)
            }
            \(more)
            """
        try text.write(toFile: folder.path("conf/server.conf"), atomically: true, encoding: .utf8)
    }

    func writeAgentConfiguration(
        agent: String = "", nodeAttestor: String = "\"join_token\" { plugin_data {} }", plugins: String = "",
        more: String = ""
    ) throws {
        let text = """
            agent {
                data_dir = "\(folder.path("agent-data"))"
                log_level = "DEBUG"
                server_address = "127.0.0.1"
                server_port = "\(ports.server)"
                socket_path = "\(agentSocket)"
                trust_bundle_path = "\(folder.path("bootstrap.pem"))"
                trust_domain = "\(trustDomain)"
                \(agent)
                experimental { sync_interval = "1s" }
            }
            plugins {
                NodeAttestor \(nodeAttestor)
                \(plugins)
                KeyManager "disk" { plugin_data { directory = "\(folder.path("agent-data"))" } }
                WorkloadAttestor "unix" { plugin_data { discover_workload_path = true } }
            }
            \(more)
            """
        try text.write(toFile: folder.path("conf/agent.conf"), atomically: true, encoding: .utf8)
    }

    // MARK: - Processes

    /// Starts the server and waits until its health check passes.
    func startServer(
        log: String = "server.log", environment: [String: String] = [:]
    ) async throws -> RunningProgram {
        let server = try launchServer(log: log, environment: environment)
        try await healthy("server is healthy", server) { try await self.server("healthcheck") }
        return server
    }

    /// Starts the server and does not wait for it.
    func launchServer(
        log: String = "server.log", environment: [String: String] = [:]
    ) throws -> RunningProgram {
        try RunningProgram(
            folder.path("spire-server"), ["run", "-config", folder.path("conf/server.conf")],
            environment: environment, in: folder.path, log: folder.path(log))
    }

    /// Starts the agent with a join token for the node alias `spiffe://<td>/node` and waits until it is healthy.
    func startAgent(log: String = "agent.log") async throws -> RunningProgram {
        try await writeBootstrapBundle()
        let generated = try await server("token", "generate", "-spiffeID", "spiffe://\(trustDomain)/node").check()
        let token = generated.output.split(separator: "\n")[0].replacing("Token: ", with: "")
        return try await restartAgent(["-joinToken", String(token)], log: log)
    }

    /// Starts the agent with the server's bundle and what its configuration proves the node by.
    func startAttestedAgent(log: String = "agent.log") async throws -> RunningProgram {
        try await writeBootstrapBundle()
        return try await restartAgent(log: log)
    }

    /// Starts an agent that is not expected to become healthy.
    func failingAgent(log: String = "agent-failing.log") async throws -> RunningProgram {
        try await writeBootstrapBundle()
        return try RunningProgram(
            folder.path("spire-agent"), ["run", "-config", folder.path("conf/agent.conf")], in: folder.path,
            log: folder.path(log))
    }

    private func writeBootstrapBundle() async throws {
        let bundle = try await server("bundle", "show").check()
        try bundle.output.write(toFile: folder.path("bootstrap.pem"), atomically: true, encoding: .utf8)
    }

    /// Starts the agent on what it has in its data folder.
    /// - Parameter onLaunch: Told of the process before anything is asked of it.
    func restartAgent(
        _ arguments: [String] = [], environment: [String: String] = [:], log: String = "agent-2.log",
        onLaunch: (RunningProgram) throws -> Void = { _ in }
    ) async throws -> RunningProgram {
        let agent = try RunningProgram(
            folder.path("spire-agent"), ["run", "-config", folder.path("conf/agent.conf")] + arguments,
            environment: environment, in: folder.path, log: folder.path(log))
        try onLaunch(agent)
        try await healthy("agent is healthy", agent) { try await self.agent("healthcheck") }
        return agent
    }

    private func healthy(
        _ what: String, _ program: RunningProgram, _ check: () async throws -> ToolCommand.Result
    ) async throws {
        try await eventually(what, or: { program.log }) { () -> Bool? in
            guard program.isRunning else {
                throw RunningProgram.Failure(description: "\(program.name) ended:\n\(program.log)")
            }
            return try await check().exitCode == 0 ? true : nil
        }
    }

    // MARK: - Commands

    /// Runs `spire-server` with a command of the admin socket.
    func server(_ arguments: String..., input: String = "") async throws -> ToolCommand.Result {
        try await command("spire-server", arguments + ["-socketPath", serverSocket], input: input)
    }

    /// Runs `spire-agent` with a command of the Workload API socket.
    func agent(_ arguments: String...) async throws -> ToolCommand.Result {
        try await command("spire-agent", arguments + ["-socketPath", agentSocket])
    }

    /// Runs any command of the executable in the deployment's folder.
    func command(_ program: String, _ arguments: [String], input: String = "") async throws -> ToolCommand.Result {
        try await ToolCommand.run("env", ["-C", folder.path, folder.path(program)] + arguments, input: input)
    }

    /// Creates an entry for every process of this user under the node alias; answers with its ID.
    @discardableResult
    func createEntry(_ path: String, federatesWith: [String] = [], _ more: String...) async throws -> String {
        var arguments = [
            "entry", "create", "-parentID", "spiffe://\(trustDomain)/node", "-spiffeID",
            "spiffe://\(trustDomain)\(path)",
            "-selector", "unix:uid:\(getuid())", "-socketPath", serverSocket,
        ]
        for domain in federatesWith { arguments += ["-federatesWith", "spiffe://\(domain)"] }
        let result = try await command("spire-server", arguments + more).check()
        guard let line = result.output.split(separator: "\n").first(where: { $0.hasPrefix("Entry ID") }),
            let id = line.split(separator: ":").last
        else { throw RunningProgram.Failure(description: "no entry ID in: \(result.output)") }
        return id.trimmingCharacters(in: .whitespaces)
    }

    /// Gives this domain the other's bundle, as `bundle show | bundle set` does.
    func bootstrap(from other: Deployment) async throws {
        let bundle = try await other.server("bundle", "show", "-format", "spiffe").check()
        try await server(
            "bundle", "set", "-format", "spiffe", "-id", "spiffe://\(other.trustDomain)", input: bundle.output
        )
        .check()
    }

    /// Makes a dynamic `https_spiffe` relationship with the other domain.
    ///
    /// - Parameter url: where its bundle endpoint is reached, if not at its own port.
    func federate(with other: Deployment, at url: String? = nil) async throws {
        try await server(
            "federation", "create", "-trustDomain", other.trustDomain,
            "-bundleEndpointURL", url ?? other.bundleEndpointURL,
            "-bundleEndpointProfile", "https_spiffe", "-endpointSpiffeID", "spiffe://\(other.trustDomain)/spire/server"
        ).check()
    }

    /// The `federates_with` block that polls the other domain.
    static func federatesWith(_ other: Deployment) -> String {
        """
        federates_with "\(other.trustDomain)" {
            bundle_endpoint_url = "\(other.bundleEndpointURL)"
            bundle_endpoint_profile "https_spiffe" {
                endpoint_spiffe_id = "spiffe://\(other.trustDomain)/spire/server"
            }
        }
        """
    }
}
