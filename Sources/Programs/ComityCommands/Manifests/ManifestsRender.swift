// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `comity manifests render`
struct ManifestsRender: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "Prints what an overlay of Deploy/Kubernetes prints, for kubectl apply.")

    @Option(name: .flag("overlay"), help: "kind or openshift.")
    var overlay = ""

    @Option(name: .flag("trust-domain"), help: "The trust domain of the cluster (example.org).")
    var trustDomain = ""

    @Option(name: .flag("cluster-name"), help: "The cluster's name (example-cluster).")
    var clusterName = ""

    @Option(
        name: .flag("class-name"),
        help: "The class of custom resources that the controller handles beside those without.")
    var className = ""

    @Option(name: .flag("image"), help: "The image of server, agent and controller (comity:latest).")
    var image = ""

    func run() throws {
        var manifest = try DeploymentManifest(overlay: overlay)
        if !trustDomain.isEmpty { try manifest.set(trustDomain: trustDomain) }
        if !clusterName.isEmpty { try manifest.set(clusterName: clusterName) }
        if !className.isEmpty { try manifest.set(className: className) }
        if !image.isEmpty { try manifest.set(image: image) }
        if trustDomain.isEmpty { Console.hint("the trust domain is example.org: --trust-domain names yours") }
        Console.out(manifest.text)
    }
}
