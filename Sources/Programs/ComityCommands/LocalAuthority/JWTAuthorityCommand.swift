// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server localauthority jwt`
struct JWTAuthorityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jwt", abstract: "JWT authorities.",
        subcommands: [
            JWTAuthorityShow.self, JWTAuthorityPrepare.self, JWTAuthorityActivate.self, JWTAuthorityTaint.self,
            JWTAuthorityRevoke.self,
        ])
}
