// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import Foundation

enum Fixture {
    static func path(_ name: String) -> String {
        Bundle.module.bundleURL.appending(path: "Fixtures/\(name)").path
    }

    static let plugins = """
        plugins {
            DataStore "sql" { plugin_data { database_type = "sqlite3" connection_string = "/d.sqlite3" } }
            KeyManager "memory" {}
            NodeAttestor "join_token" {}
        }
        """

    static let agentPlugins = """
        plugins {
            KeyManager "memory" {}
            NodeAttestor "join_token" {}
            WorkloadAttestor "unix" {}
        }
        """

    /// A server's file with the given keys; they begin at line 2, column 5.
    static func server(_ keys: String, tail: String = "", plugins: String = plugins) -> String {
        "server {\n    \(keys)\n}\n\(plugins)\n\(tail)\n"
    }

    /// A server's file with what it cannot do without, and the given keys from line 4, column 5.
    static func completeServer(_ keys: String, tail: String = "", plugins: String = plugins) -> String {
        server("trust_domain = \"example.org\"\n    data_dir = \"/data\"\n    \(keys)", tail: tail, plugins: plugins)
    }

    /// An agent's file with what it cannot do without, and the given keys from line 5, column 5.
    static func completeAgent(_ keys: String, plugins: String = agentPlugins) -> String {
        """
        agent {
            trust_domain = "example.org"
            server_address = "localhost"
            server_port = 8081
            \(keys)
        }
        \(plugins)
        """
    }

    /// The faults of a server's text, as the user reads them.
    static func serverFaults(_ text: String) -> [String] {
        do {
            return try ServerConfiguration.load(ConfigurationFile(name: "server.conf", text: text)).warnings.map(
                \.description)
        } catch {
            return error.faults.map(\.description)
        }
    }

    static func agentFaults(_ text: String) -> [String] {
        do {
            return try AgentConfiguration.load(ConfigurationFile(name: "agent.conf", text: text)).warnings.map(
                \.description)
        } catch {
            return error.faults.map(\.description)
        }
    }
}
