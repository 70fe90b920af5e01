// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// The controller on a folder of manifests, beside a real server.
@Suite struct StaticControllerTests {
    private static let entry = """
        apiVersion: spire.spiffe.io/v1alpha1
        kind: ClusterStaticEntry
        metadata: {name: web}
        spec:
          spiffeID: spiffe://one.test/web
          parentID: spiffe://one.test/node
          selectors: ["unix:uid:1"]
          className: class-static
        """
    private static let federated = """
        apiVersion: spire.spiffe.io/v1alpha1
        kind: ClusterFederatedTrustDomain
        metadata: {name: two}
        spec:
          trustDomain: two.test
          bundleEndpointURL: https://localhost:9/
          bundleEndpointProfile: {type: https_spiffe, endpointSPIFFEID: spiffe://two.test/spire/server}
          className: class-static
        """

    @Test("S4, §1.12: manifests become entries and relationships, and go with them; probes answer; others' stay")
    func followsTheFolder() async throws {
        let deployment = try ControllerDeployment("one.test")
        try deployment.domain.writeServerConfiguration()
        let server = try await deployment.domain.startServer()
        defer { withExtendedLifetime(server) {} }
        try await deployment.domain.server(
            "entry", "create", "-spiffeID", "spiffe://one.test/by-hand", "-parentID", "spiffe://one.test/node",
            "-selector", "unix:uid:2"
        ).check()
        try deployment.write(manifest: "web.yaml", Self.entry)
        try deployment.write(manifest: "two.yaml", Self.federated)
        try deployment.writeConfiguration()

        let plan = try await deployment.dryRun()
        #expect(plan.exitCode == 0)
        #expect(plan.output.contains("create entry spiffe://one.test/web"))
        #expect(plan.output.contains("create federation relationship two.test"))
        #expect(try await !deployment.entries().contains("one.test/web"))

        let controller = try await deployment.start()
        try await deployment.wait(forEntry: "one.test/web", controller)
        #expect(try await deployment.relationships().contains("two.test"))
        #expect(try await deployment.probe("healthz").hasSuffix("200"))
        #expect(try await deployment.metrics().contains("comity_controller_entries{"))

        try FileManager.default.removeItem(atPath: deployment.manifests.path("web.yaml"))
        try FileManager.default.removeItem(atPath: deployment.manifests.path("two.yaml"))
        try await deployment.wait(forEntry: "one.test/web", isThere: false, controller)
        try await eventually("the relationship is gone") {
            try await !deployment.relationships().contains("two.test") ? true : nil
        }
        #expect(try await deployment.entries().contains("one.test/by-hand"))
        #expect(await controller.stop() == 0)
    }

    @Test("§1.14 server socket down: the controller waits, is not ready, and goes on when the server is back")
    func outlivesTheServer() async throws {
        let deployment = try ControllerDeployment("one.test")
        try deployment.domain.writeServerConfiguration()
        let server = try await deployment.domain.startServer()
        try deployment.writeConfiguration()
        let controller = try await deployment.start()
        await server.stop()
        try await eventually("it is not ready") {
            try await deployment.probe("readyz").hasSuffix("500") ? true : nil
        }
        #expect(try await deployment.probe("healthz").hasSuffix("200"))
        try deployment.write(manifest: "web.yaml", Self.entry)
        let again = try await deployment.domain.startServer(log: "again.log")
        defer { withExtendedLifetime(again) {} }
        try await deployment.wait(forEntry: "one.test/web", controller)
        try await eventually("it is ready again") {
            try await deployment.probe("readyz").hasSuffix("200") ? true : nil
        }
    }

    @Test("as spire-controller-manager, with two dashes; faults of the configuration end it with 1, all at once")
    func refusesABadConfiguration() async throws {
        let deployment = try ControllerDeployment("one.test")
        let path = deployment.domain.folder.path("spire-controller-manager")
        try FileManager.default.createSymbolicLink(
            atPath: path, withDestinationPath: deployment.domain.folder.path("comity"))
        let file = deployment.domain.folder.path("controller.yaml")
        try "apiVersion: spire.spiffe.io/v1alpha1\nkind: ControllerManagerConfig\nlogLevel: loud\n".write(
            toFile: file, atomically: true, encoding: .utf8)
        let result = try await ToolCommand.run(path, ["--config", file, "--zap-log-level=debug"])
        #expect(result.exitCode == 1)
        for text in ["clusterName is missing", "trustDomain is missing", "logLevel"] {
            #expect(result.errors.contains(text), "\(result.errors)")
        }
    }
}
