// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `comity server`, and all of `spire-server`.
struct ServerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "The authority of one trust domain, and the commands that administer it.",
        subcommands: [
            ServerRun.self, ServerValidate.self, ServerHealthcheck.self, ServerBackup.self, ServerRestore.self,
            ServerAdopt.self, BundleCommand.self, EntryCommand.self, FederationCommand.self, LocalAuthorityCommand.self,
            UpstreamAuthorityCommand.self, NodesCommand.self, TokenCommand.self, X509Command.self, JWTCommand.self,
            LoggerCommand<ServerOptions>.self, DebugCommand.self,
        ])
}
