// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `server localauthority x509`
struct X509AuthorityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "x509", abstract: "X.509 authorities.",
        subcommands: [
            X509AuthorityShow.self, X509AuthorityPrepare.self, X509AuthorityActivate.self, X509AuthorityTaint.self,
            X509AuthorityRevoke.self,
        ])
}
