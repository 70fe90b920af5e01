// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `comity inspect`
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Says what an ID, SVID or bundle is, and whether it is valid: exit code 0 valid, 1 not, 64 usage.",
        subcommands: [InspectID.self, InspectX509.self, InspectJWT.self, InspectBundle.self])
}
