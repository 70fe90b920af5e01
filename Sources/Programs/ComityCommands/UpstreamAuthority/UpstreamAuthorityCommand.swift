// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server upstreamauthority`
struct UpstreamAuthorityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upstreamauthority", abstract: "The authorities above those of this server.",
        subcommands: [UpstreamAuthorityTaint.self, UpstreamAuthorityRevoke.self])
}
