// SPDX-License-Identifier: Apache-2.0

package import ComityTesting
import Foundation
import SPIFFE

/// A cluster for one test, with a namespace of its own: the fake one, or the real one that `COMITY_TEST_KUBECONFIG` names.
///
/// ```swift
/// let kubernetes = try await KubernetesFixture.start()
/// try await kubernetes.installCustomResources()
/// try await kubernetes.apply(manifest)
/// let table = try await kubernetes.kubectl("get", "clusterspiffeids").check().output
/// ```
///
/// What a test makes outside its namespace carries ``suffix`` in its name, since a real cluster is shared.
package struct KubernetesFixture: Sendable {
    package static let variable = "COMITY_TEST_KUBECONFIG"

    /// Whether the tests run against the fake, which alone misbehaves on request.
    package static var isFake: Bool { ProcessInfo.processInfo.environment[variable] == nil }

    package let kubeconfigPath: String
    /// Made for this test.
    package let namespace: String
    /// Tells the names of this test from those of others.
    package let suffix: String
    /// `nil` with a real cluster.
    package let cluster: FakeCluster?
    private let cacheFolder: TemporaryFolder

    package static func start() async throws -> KubernetesFixture {
        try await KubernetesFixture()
    }

    private init() async throws {
        cluster = Self.isFake ? try await FakeCluster.start() : nil
        let real = ProcessInfo.processInfo.environment[Self.variable]
        kubeconfigPath = cluster?.kubeconfigPath ?? real ?? ""
        suffix = String(UInt32.random(in: .min ... .max), radix: 16)
        namespace = "comity-\(suffix)"
        cacheFolder = try TemporaryFolder()
        let manifest: JSONValue = ["kind": "Namespace", "apiVersion": "v1", "metadata": ["name": .string(namespace)]]
        try await kubectl("apply", "-f", "-", input: "\(manifest)").check()
    }

    /// Runs the real kubectl.
    package func kubectl(_ arguments: String..., input: String = "") async throws -> ToolCommand.Result {
        try await kubectl(arguments, input: input)
    }

    /// - Parameter environment: variables besides those of this process, such as `KUBE_EDITOR`.
    package func kubectl(
        _ arguments: [String], environment: [String: String] = [:], input: String = ""
    ) async throws -> ToolCommand.Result {
        // Every test has its own cache of what the API serves.
        let cluster = ["--kubeconfig", kubeconfigPath, "--cache-dir", cacheFolder.path]
        let program = environment.map { "\($0)=\($1)" } + ["kubectl"]
        return try await ToolCommand.run("env", program + cluster + arguments, input: input)
    }

    /// Applies manifests; those without a namespace go to the one of this test.
    package func apply(_ yaml: String) async throws {
        try await kubectl("apply", "-n", namespace, "-f", "-", input: yaml).check()
    }

    /// Installs the definitions of the custom resources as users do, and waits until they are served.
    package func installCustomResources() async throws {
        let folder = "Deploy/Kubernetes/crds"
        try await kubectl("apply", "-f", folder).check()
        try await kubectl("wait", "--for", "condition=Established", "--timeout", "60s", "-f", folder).check()
    }

    /// Removes what a real cluster would keep; the fake goes by itself.
    package func remove() async throws {
        guard cluster == nil else { return }
        _ = try await kubectl("delete", "namespace", namespace, "--wait=false")
    }

    /// Starts a cluster for the body and removes what is left of it in the end.
    package static func with<Result>(_ body: (KubernetesFixture) async throws -> Result) async throws -> Result {
        let kubernetes = try await start()
        let result = try await body(kubernetes)
        try await kubernetes.remove()
        return result
    }
}
