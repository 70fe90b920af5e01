// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Foundation

/// A controller beside a real server, for a cluster or a folder of manifests.
final class ControllerDeployment: Sendable {
    let domain: Deployment
    /// `nil` for static manifests.
    let kubernetes: KubernetesFixture?
    let manifests: TemporaryFolder
    private let probePort: Int
    private let metricsPort: Int

    /// - Parameter trustDomain: Of the server.
    init(_ trustDomain: String, kubernetes: KubernetesFixture? = nil) throws {
        domain = try Deployment(trustDomain)
        self.kubernetes = kubernetes
        manifests = try TemporaryFolder()
        (probePort, metricsPort) = try FreePorts.two()
    }

    /// Of this test alone, since a real cluster is shared.
    var className: String { "class-\(kubernetes?.suffix ?? "static")" }
    var clusterName: String { "cluster-\(kubernetes?.suffix ?? "static")" }

    /// - Parameters:
    ///   - more: Further lines of the configuration.
    ///   - serverSocket: Of another server than this deployment's.
    func writeConfiguration(_ more: String = "", serverSocket: String? = nil) throws {
        let source = kubernetes == nil ? "staticManifestPath: \(manifests.path)" : "ignoreNamespaces: []"
        let text = """
            apiVersion: spire.spiffe.io/v1alpha1
            kind: ControllerManagerConfig
            clusterName: \(clusterName)
            trustDomain: \(domain.trustDomain)
            clusterDomain: cluster.local
            className: \(className)
            spireServerSocketPath: \(serverSocket ?? domain.serverSocket)
            gcInterval: 1s
            metrics: {bindAddress: "127.0.0.1:\(metricsPort)"}
            health: {healthProbeBindAddress: "127.0.0.1:\(probePort)"}
            \(source)
            \(more)
            """
        try text.write(toFile: domain.folder.path("controller.yaml"), atomically: true, encoding: .utf8)
    }

    private var arguments: [String] {
        ["controller", "-config", domain.folder.path("controller.yaml")]
            + (kubernetes.map { ["-kubeconfig", $0.kubeconfigPath] } ?? [])
    }

    /// Starts the controller and waits until it is ready.
    func start(_ flags: String..., log: String = "controller.log") async throws -> RunningProgram {
        let program = try RunningProgram(
            domain.folder.path("comity"), arguments + flags, in: domain.folder.path, log: domain.folder.path(log))
        try await eventually("controller is ready", or: { program.log }) {
            guard program.isRunning else { throw RunningProgram.Failure(description: "it ended:\n\(program.log)") }
            return try await probe("readyz").hasSuffix("200") ? true : nil
        }
        return program
    }

    /// What a dry run prints.
    func dryRun() async throws -> ToolCommand.Result {
        try await ToolCommand.run(domain.folder.path("comity"), arguments + ["-dry-run"])
    }

    /// The body and the status.
    func probe(_ path: String) async throws -> String {
        try await ToolCommand.run(
            "curl", ["-s", "-w", "%{http_code}", "http://127.0.0.1:\(probePort)/\(path)"]
        ).output
    }

    func metrics() async throws -> String {
        try await ToolCommand.run("curl", ["-s", "http://127.0.0.1:\(metricsPort)/metrics"]).output
    }

    func write(manifest name: String, _ text: String) throws {
        try text.write(toFile: manifests.path(name), atomically: true, encoding: .utf8)
    }

    /// What `entry show` prints.
    func entries() async throws -> String {
        try await domain.server("entry", "show").check().output
    }

    func relationships() async throws -> String {
        try await domain.server("federation", "list").check().output
    }

    /// Waits until `entry show` holds a text, or does not.
    func wait(forEntry text: String, isThere: Bool = true, _ controller: RunningProgram) async throws {
        try await eventually("entry \(text): \(isThere)", or: { controller.log }) {
            try await entries().contains(text) == isThere ? true : nil
        }
    }

    /// A member of an object's status, as kubectl prints it by a JSONPath.
    func status(_ type: String, _ name: String, _ path: String) async throws -> String {
        try await kubectl("get", type, name, "-o", "jsonpath={.status\(path)}")
    }

    /// What kubectl prints, when it succeeds.
    @discardableResult
    func kubectl(_ arguments: String...) async throws -> String {
        guard let kubernetes else { throw RunningProgram.Failure(description: "there is no cluster") }
        return try await kubernetes.kubectl(arguments).check().output
    }

    /// Waits until a member of an object's status is as expected.
    func wait(
        forStatus type: String, _ name: String, _ path: String, _ expected: String, _ controller: RunningProgram
    ) async throws {
        try await eventually("\(type)/\(name) \(path) is \(expected)", or: { controller.log }) {
            try await status(type, name, path) == expected ? true : nil
        }
    }

    /// A condition's status, by a JSONPath filter.
    static func condition(_ kind: String, _ member: String = "status") -> String {
        ".conditions[?(@.type==\"\(kind)\")].\(member)"
    }
}
