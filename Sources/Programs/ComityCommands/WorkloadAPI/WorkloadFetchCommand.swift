// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `agent api fetch`
struct WorkloadFetchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fetch", abstract: "Fetches SVIDs; X509-SVIDs when not told which.",
        subcommands: [WorkloadFetchX509.self, WorkloadFetchJWT.self], defaultSubcommand: WorkloadFetchX509.self)
}
