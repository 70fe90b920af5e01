// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// Which authority above a command is about.
struct UpstreamAuthorityFlags: ParsableArguments {
    @Option(name: .flag("subjectKeyID"), help: "The subject key ID of the X.509 authority above.")
    var subjectKeyID = ""

    /// - Throws: ``CommandError`` with code `input`.
    func id() throws(CommandError) -> String {
        guard !subjectKeyID.isEmpty else { throw CommandError(.input, "a subject key ID is required") }
        return subjectKeyID
    }
}
