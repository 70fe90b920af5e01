// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server jwt`
struct JWTCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jwt", abstract: "JWT-SVIDs without an entry.", subcommands: [JWTMint.self])
}
