// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import ComityKubernetes
import Foundation
import SPIFFE
import Testing

@testable import ComityController

/// The configuration in `Deploy/Kubernetes`, with the settings beside it.
@Suite struct DeployedConfigurationTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Deploy/Kubernetes/base").standardized

    private func objects(_ file: String) throws -> [JSONValue] {
        let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
        return try YAML.documents(text, maximumBytes: 1 << 20)
    }

    @Test func isReadWithoutAWarning() throws {
        let settings = try #require(
            try objects("settings.yaml").first { $0["metadata"]?["namespace"]?.string == "spire-server" })
        let environment = settings["data"]?.object?.dictionary.compactMapValues(\.string) ?? [:]
        var flags = ControllerFlags()
        flags.config = Self.folder.appending(path: "controller/controller-manager-config.yaml").path
        flags.expandsEnvironment = true
        let loaded = try ControllerConfiguration.load(flags, environment: environment)
        #expect(loaded.warnings.isEmpty)
        let configuration = loaded.configuration
        #expect(configuration.trustDomain.name == "example.org" && configuration.clusterName == "example-cluster")
        #expect(configuration.entryIDPrefix == "example-cluster.")
        let deployment = try #require(try objects("controller/deployment.yaml").first)
        let container = try #require(deployment["spec"]?["template"]?["spec"]?["containers"]?.array?.first)
        let mounts = container["volumeMounts"]?.array?.compactMap { $0["mountPath"]?.string } ?? []
        #expect(mounts.contains { configuration.serverSocketPath == "\($0)/api.sock" })
        let ports = container["ports"]?.array ?? []
        func port(_ name: String) -> JSONValue? { ports.first { $0["name"]?.string == name }?["containerPort"] }
        #expect(configuration.health?.port == port("healthz")?.number?.signed.map(Int.init))
        #expect(configuration.metrics?.port == port("metrics")?.number?.signed.map(Int.init))
        #expect(container["livenessProbe"]?["httpGet"]?["path"]?.string == configuration.livenessPath)
        #expect(container["readinessProbe"]?["httpGet"]?["path"]?.string == configuration.readinessPath)
        // What may be read and led by is what the ClusterRole and Role allow.
        let roles = try objects("controller/rbac.yaml")
        let leases = roles.flatMap { $0["rules"]?.array ?? [] }.flatMap { $0["resourceNames"]?.array ?? [] }
        #expect(leases == [.string(configuration.leaderElection.name)])
        #expect(configuration.leaderElection.isOn && configuration.leaderElection.namespace == "spire-server")
    }
}
