// SPDX-License-Identifier: Apache-2.0

import ComityKubernetes
import ComityTesting
import Foundation
import SPIFFE
import Testing

@testable import ComityCommands

@Suite struct DeploymentManifestTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Deploy/Kubernetes").standardized

    /// What kubectl makes of an overlay, in any order.
    private static func kustomized(_ folder: String) async throws -> Set<JSONValue> {
        let result = try await ToolCommand.run("kubectl", ["kustomize", folder])
        try #require(result.exitCode == 0, "\(result.errors)")
        return try objects(result.output)
    }

    private static func objects(_ text: String) throws -> Set<JSONValue> {
        Set(try YAML.documents(text, maximumBytes: 1 << 20))
    }

    @Test(
        "The executable holds what the overlays print: run Scripts/generate-manifests",
        arguments: ["kind", "openshift"])
    func printsWhatTheOverlayPrints(overlay: String) async throws {
        let printed = try await Self.kustomized(Self.folder.appending(path: "overlays/\(overlay)").path)
        let rendered = try Self.objects(DeploymentManifest(overlay: overlay).text)
        #expect(rendered == printed)
        #expect(printed.count > 20)
    }

    @Test(arguments: [("other.test", "west-1", "a.b"), ("123", "1e3", "true")])
    func settingsAreThoseOfAnOverlayOfOnesOwn(trustDomain: String, clusterName: String, className: String) async throws
    {
        let scratch = try TemporaryFolder()
        let copy = scratch.path("Kubernetes")
        try FileManager.default.copyItem(atPath: Self.folder.path, toPath: copy)
        try FileManager.default.createDirectory(atPath: copy + "/overlays/own", withIntermediateDirectories: false)
        let settings = { (namespace: String, more: String) in
            """
              - name: spire-settings
                namespace: \(namespace)
                behavior: merge
                literals:
                  - TRUST_DOMAIN=\(trustDomain)
                  - CLUSTER_NAME=\(clusterName)
            \(more)
            """
        }
        try Data(
            """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
              - ../kind
            images:
              - name: comity
                newName: registry.test/spiffe/comity
                newTag: "1.0"
            generatorOptions:
              disableNameSuffixHash: true
            configMapGenerator:
            \(settings("spire-server", "      - CLASS_NAME=\(className)"))
            \(settings("spire-system", ""))
            """.utf8
        ).write(to: URL(filePath: copy + "/overlays/own/kustomization.yaml"))
        let printed = try await Self.kustomized(copy + "/overlays/own")
        var manifest = try DeploymentManifest(overlay: "kind")
        try manifest.set(trustDomain: trustDomain)
        try manifest.set(clusterName: clusterName)
        try manifest.set(className: className)
        try manifest.set(image: "registry.test/spiffe/comity:1.0")
        #expect(try Self.objects(manifest.text) == printed)
    }

    @Test func refusesWhatWouldNotBeOneValue() throws {
        var manifest = try DeploymentManifest(overlay: "kind")
        #expect(throws: CommandError(.input, "")) { try manifest.set(trustDomain: "UPPER") }
        #expect(throws: CommandError(.input, "")) { try manifest.set(clusterName: "a\nb: c") }
        #expect(throws: CommandError(.input, "")) { try manifest.set(className: "a b") }
        #expect(throws: CommandError(.input, "")) { try manifest.set(image: "a\"b") }
        let untouched = try DeploymentManifest(overlay: "kind")
        #expect(manifest == untouched)
        let error = #expect(throws: CommandError.self) { try DeploymentManifest(overlay: "eks") }
        #expect(error?.cure == "use kind or openshift")
    }
}
