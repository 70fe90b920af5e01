// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server x509`
struct X509Command: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "x509", abstract: "X509-SVIDs without an entry.", subcommands: [X509Mint.self])
}
