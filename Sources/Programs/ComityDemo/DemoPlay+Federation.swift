// SPDX-License-Identifier: Apache-2.0

// Trust between the two domains, by the resource that a cluster would have.
extension DemoPlay {
    private static let federationPatience = Duration.seconds(15)
    private static let shownWidth = 100

    func federate() async throws {
        narrator.chapter("Each gets a ClusterFederatedTrustDomain for the other, with the other's bundle to begin with")
        for domain in domains {
            let document = try await shown(
                "server", "bundle", "show", "-format", "spiffe", "-socketPath", domain.serverSocket,
                into: domain.bundleFile)
            try folder.write(document, to: domain.bundleFile)
            let partner = partner(of: domain)
            try folder.write(
                partner.manifestText(partner: domain, bundle: document), to: partner.manifest(of: domain))
        }
        show(alpha.manifestText(partner: beta, bundle: "{ … }"), in: alpha.manifest(of: beta))

        narrator.chapter("A controller for each applies it; from now on each server polls the other's endpoint")
        for domain in domains {
            try folder.write(domain.controllerConfigurationText, to: domain.controllerConfiguration)
            launch("controller", of: domain, ["controller", "-config", domain.controllerConfiguration])
        }
        for domain in domains { try await waitForRelationship(of: domain) }
    }

    private func show(_ manifest: String, in file: String) {
        narrator.show("cat \(file)")
        for line in manifest.split(separator: "\n") { narrator.tell(String(line.prefix(Self.shownWidth))) }
    }

    /// Waits until the controller has done what the resource asks for.
    private func waitForRelationship(of domain: DemoDomain) async throws {
        let arguments = ["server", "federation", "list", "-socketPath", domain.serverSocket]
        let name = partner(of: domain).name
        narrator.show("comity " + arguments.joined(separator: " "))
        let deadline = ContinuousClock.now + Self.federationPatience
        while true {
            let listed = try await comity.run(arguments)
            if listed.contains(name) {
                for line in listed.split(separator: "\n").prefix(6) { narrator.tell(String(line)) }
                return
            }
            guard .now < deadline else {
                throw DemoError(
                    .deadline,
                    "the controller of \(domain.name) made no relationship with \(name) in "
                        + "\(Self.federationPatience); its log is \(domain.log("controller"))")
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
