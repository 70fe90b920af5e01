// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `agent api validate`
struct WorkloadValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Lets the agent validate what a workload was given.",
        subcommands: [WorkloadValidateJWT.self])
}
