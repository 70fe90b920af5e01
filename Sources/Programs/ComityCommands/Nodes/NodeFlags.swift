// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import ServerAPIProtos

/// Which agent a command is about.
struct NodeFlags: ParsableArguments {
    @Option(name: .flag("spiffeID"), help: "The SPIFFE ID of the agent.")
    var spiffeID = ""

    /// - Throws: ``CommandError`` with code `input`.
    func id() throws(CommandError) -> Spire_Api_Types_SPIFFEID {
        guard !spiffeID.isEmpty else { throw CommandError(.input, "a SPIFFE ID is required") }
        return try Spire_Api_Types_SPIFFEID(argument: spiffeID)
    }
}
