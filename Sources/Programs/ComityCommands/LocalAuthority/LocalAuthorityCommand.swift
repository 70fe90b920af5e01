// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server localauthority`
struct LocalAuthorityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "localauthority", abstract: "The keys that this server signs with.",
        subcommands: [X509AuthorityCommand.self, JWTAuthorityCommand.self])
}
