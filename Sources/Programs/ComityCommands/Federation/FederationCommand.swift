// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server federation`
struct FederationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "federation", abstract: "Relationships with other trust domains.",
        subcommands: [
            FederationCreate.self, FederationList.self, FederationShow.self, FederationUpdate.self,
            FederationRefresh.self, FederationDelete.self,
        ])
}
