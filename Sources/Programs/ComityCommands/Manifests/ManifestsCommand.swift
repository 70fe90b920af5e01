// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `comity manifests`
struct ManifestsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manifests", abstract: "Kubernetes manifests of server, agent and controller.",
        subcommands: [ManifestsRender.self])
}
