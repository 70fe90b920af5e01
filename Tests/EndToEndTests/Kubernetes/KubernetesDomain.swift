// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FakeKubernetes
import Foundation
import SPIFFE
import SPIFFEWorkloadAPI

/// A trust domain in a cluster: Comity's server, agent and controller as processes. The agent proves itself by the token of
/// its pod; workloads are known by theirs.
///
/// No container runs anywhere: this process is the workload of every pod in turn. Which pod it is in the agent reads from
/// a folder in the place of `/proc` (`HOST_PROC`), where the tests write the control group of this process as containerd
/// names it.
final class KubernetesDomain: Sendable {
    let kubernetes: KubernetesFixture
    let controller: ControllerDeployment
    let kubelet: NodeKubelet
    private let authority: TestCA

    var namespace: String { kubernetes.namespace }
    var nodeName: String { "node-\(kubernetes.suffix)" }
    var deployment: Deployment { controller.domain }
    var trustDomain: String { deployment.trustDomain }
    private var folder: TemporaryFolder { deployment.folder }

    struct Processes {
        let server: RunningProgram
        let agent: RunningProgram
        let controller: RunningProgram
    }

    /// Runs the body while server, agent and controller run.
    static func with(
        _ trustDomain: String, _ body: (KubernetesDomain, Processes) async throws -> Void
    ) async throws {
        let domain = try await KubernetesDomain(trustDomain)
        do {
            try await domain.kubelet.serving(try domain.authority.leaf("/kubelet")) { endpoint in
                try await body(domain, try await domain.start(kubeletPort: endpoint.port))
            }
        } catch {
            await domain.remove()
            throw error
        }
        await domain.remove()
    }

    private init(_ trustDomain: String) async throws {
        kubernetes = try await KubernetesFixture.start()
        controller = try ControllerDeployment(trustDomain, kubernetes: kubernetes)
        kubelet = NodeKubelet(controller, nodeName: "node-\(kubernetes.suffix)")
        authority = try TestCA("kubelet.test")
        try authority.rootPEM.write(toFile: folder.path("kubelet.pem"), atomically: true, encoding: .utf8)
        try await kubernetes.installCustomResources()
    }

    private func remove() async {
        for kind in ["clusterspiffeids", "clusterfederatedtrustdomains", "nodes"] {
            let label = "comity.test/run=\(kubernetes.suffix)"
            _ = try? await kubernetes.kubectl("delete", kind, "-l", label, "--wait=false")
        }
        try? await kubernetes.remove()
    }

    // MARK: - Processes

    private func start(kubeletPort: Int) async throws -> Processes {
        try await makeAgentPod()
        try deployment.writeServerConfiguration(
            plugins: """
                NodeAttestor "k8s_psat" { plugin_data { clusters = { "\(controller.clusterName)" = {
                    service_account_allow_list = ["\(namespace):spire-agent"]
                    kube_config_file = "\(kubernetes.kubeconfigPath)"
                } } } }
                BundlePublisher "k8s_configmap" { plugin_data { clusters = { "\(controller.clusterName)" = {
                    format = "pem" namespace = "\(namespace)" configmap_name = "spire-bundle" configmap_key = "bundle.pem"
                    kubeconfig_path = "\(kubernetes.kubeconfigPath)"
                } } } }
                """)
        let server = try await deployment.startServer()
        try await mountBundle()
        try deployment.writeAgentConfiguration(
            nodeAttestor: """
                "k8s_psat" { plugin_data { cluster = "\(controller.clusterName)" token_path = "\(folder.path("token"))" } }
                """,
            plugins: """
                WorkloadAttestor "k8s" { plugin_data {
                    kubelet_secure_port = \(kubeletPort) kubelet_ca_path = "\(folder.path("kubelet.pem"))"
                    token_path = "\(folder.path("token"))" max_poll_attempts = 3
                } }
                """)
        let agent = try await deployment.restartAgent(
            environment: ["HOST_PROC": folder.path("proc")], log: "agent.log",
            // The agent calls its own Workload API, to know whether it is healthy.
            onLaunch: { try place($0.processID, in: "/") })
        try controller.writeConfiguration()
        return Processes(server: server, agent: agent, controller: try await controller.start())
    }

    private func makeAgentPod() async throws {
        try await kubernetes.apply(
            """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: spire-agent}
            ---
            apiVersion: v1
            kind: Node
            metadata: {name: \(nodeName), labels: {comity.test/run: "\(kubernetes.suffix)"}}
            """)
        try await makePod("agent", account: "spire-agent")
        let token = try await controller.kubectl(
            "create", "token", "spire-agent", "-n", namespace, "--audience", "spire-server", "--duration", "10m",
            "--bound-object-kind", "Pod", "--bound-object-name", "agent"
        )
        try token.write(toFile: folder.path("token"), atomically: true, encoding: .utf8)
    }

    /// As the kubelet mounts the ConfigMap that the server publishes its bundle in.
    private func mountBundle() async throws {
        let pem: String = try await eventually("the bundle is published") {
            let got = try await self.kubernetes.kubectl(
                "get", "configmap", "spire-bundle", "-n", self.namespace, "-o", "jsonpath={.data.bundle\\.pem}")
            return got.exitCode == 0 && !got.output.isEmpty ? got.output : nil
        }
        try pem.write(toFile: folder.path("bootstrap.pem"), atomically: true, encoding: .utf8)
    }

    // MARK: - Pods

    func makeServiceAccount(_ name: String) async throws {
        try await kubernetes.apply("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: \(name)}")
    }

    /// Makes a pod on the node.
    func makePod(_ name: String, account: String, labels: [String: String] = [:]) async throws {
        let labels = labels.map { "\"\($0)\": \"\($1)\"" }.joined(separator: ", ")
        try await kubernetes.apply(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: \(name), labels: {\(labels)}}
            spec:
              serviceAccountName: \(account)
              nodeName: \(nodeName)
              automountServiceAccountToken: false
              containers: [{name: main, image: web}]
            """)
    }

    /// Makes a pod, starts its container, and puts this process into it.
    func enterPod(_ name: String, account: String, labels: [String: String] = [:]) async throws {
        try await makePod(name, account: account, labels: labels)
        let container = (0..<4).map { _ in
            String(UInt64.random(in: .min ... .max), radix: 16).leftPadded(to: 16)
        }.joined()
        try await kubelet.start(name, in: namespace, container: container)
        let uid = try await controller.kubectl(
            "get", "pod", name, "-n", namespace, "-o", "jsonpath={.metadata.uid}"
        ).replacing("-", with: "_")
        let slices = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod\(uid).slice"
        try place(getpid(), in: "\(slices)/cri-containerd-\(container).scope")
    }

    /// Shows a process to the agent as one of this control group.
    private func place(_ id: Int32, in controlGroup: String) throws {
        let process = folder.path("proc/\(id)")
        if !FileManager.default.fileExists(atPath: process) {
            try FileManager.default.createDirectory(atPath: process, withIntermediateDirectories: true)
            for file in ["status", "exe"] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(process)/\(file)", withDestinationPath: "/proc/\(id)/\(file)")
            }
        }
        try "0::\(controlGroup)\n".write(toFile: "\(process)/cgroup", atomically: true, encoding: .utf8)
    }

    // MARK: - Custom resources

    /// Applies a ClusterSPIFFEID of the controller's class, unless another is named.
    func applyClusterSPIFFEID(_ name: String, class className: String? = nil, _ spec: String) async throws {
        try await kubernetes.apply(
            """
            apiVersion: spire.spiffe.io/v1alpha1
            kind: ClusterSPIFFEID
            metadata: {name: \(name)-\(kubernetes.suffix), labels: {comity.test/run: "\(kubernetes.suffix)"}}
            spec:
              className: \(className ?? controller.className)
              namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: \(namespace)}}
              \(spec.replacing("\n", with: "\n  "))
            """)
    }

    /// Applies a ClusterFederatedTrustDomain for a partner, with its bundle.
    func federate(with partner: Deployment) async throws {
        let bundle = try await partner.server("bundle", "show", "-format", "spiffe").check().output
        try await kubernetes.apply(
            """
            apiVersion: spire.spiffe.io/v1alpha1
            kind: ClusterFederatedTrustDomain
            metadata: {name: partner-\(kubernetes.suffix), labels: {comity.test/run: "\(kubernetes.suffix)"}}
            spec:
              className: \(controller.className)
              trustDomain: \(partner.trustDomain)
              bundleEndpointURL: \(partner.bundleEndpointURL)
              bundleEndpointProfile:
                type: https_spiffe
                endpointSPIFFEID: spiffe://\(partner.trustDomain)/spire/server
              trustDomainBundle: |
                \(bundle.replacing("\n", with: "\n    "))
            """)
    }

    /// The status of a ClusterSPIFFEID once it is as wanted.
    @discardableResult
    func status(
        of name: String, _ what: String, until isWanted: @escaping (JSONValue) -> Bool
    ) async throws -> JSONValue {
        var last = ""
        return try await eventually("\(name): \(what)", or: { last }) {
            last = try await self.controller.kubectl(
                "get", "clusterspiffeid", "\(name)-\(self.kubernetes.suffix)", "-o", "json"
            )
            let object = try JSONValue(parsing: Array(last.utf8), maximumBytes: 1 << 20)
            guard let status = object["status"], isWanted(status) else { return nil }
            return status
        }
    }

    /// What `entry show` says once it has all the texts.
    @discardableResult
    func entries(_ arguments: [String] = [], with texts: String...) async throws -> String {
        var last = ""
        return try await eventually("entry show has \(texts)", or: { last }) {
            last = try await self.deployment.command(
                "spire-server", ["entry", "show", "-socketPath", self.deployment.serverSocket] + arguments
            ).output
            return texts.allSatisfy(last.contains) ? last : nil
        }
    }
}

extension JSONValue {
    /// The condition of this type in a status.
    func condition(_ type: String) -> JSONValue? {
        self["conditions"]?.array?.first { $0["type"]?.string == type }
    }
}

extension String {
    fileprivate func leftPadded(to length: Int) -> String {
        String(repeating: "0", count: Swift.max(0, length - count)) + self
    }
}
