// SPDX-License-Identifier: Apache-2.0

package import ComityTesting
import FoundationEssentials
import NIOSSL
import SPIFFE
import X509

/// A Kubernetes API server in this process, without a cluster behind it. It ends with the last reference to it.
///
/// ```swift
/// let cluster = try await FakeCluster.start()
/// let result = try await ToolCommand.run("kubectl", ["--kubeconfig", cluster.kubeconfigPath, "get", "pods", "-A"])
/// cluster.misbehaves.refuse(.internalError(of: .reads, path: "/pods"))
/// ```
///
/// Tests start a ``KubernetesFixture`` instead unless they need what a real cluster does not do on request.
package final class FakeCluster: Sendable {
    package let url: String
    /// Who signs the certificates of the server and of users.
    package let authority: TestCA
    /// Of ``APIUser/administrator``.
    package let administratorToken: String
    package let kubeconfigPath: String
    package let misbehaves = Misbehaviour()

    let server: APIServer
    private let users = UserDirectory()
    private let folder: TemporaryFolder
    private let listener: LoopbackServer
    private let announcements: Task<Void, any Error>

    /// Starts the server with the namespaces of a new cluster.
    package static func start() async throws -> FakeCluster {
        try await FakeCluster()
    }

    private init() async throws {
        folder = try TemporaryFolder()
        authority = try TestCA("kubernetes.test", commonName: "kubernetes")
        server = APIServer(tokens: try ServiceAccountTokens(), misbehaviour: misbehaves)
        let frontend = HTTPFrontend(server: server, users: users)
        listener = try await LoopbackServer(try Self.tls(authority)) { request, writer, channel in
            try await frontend.answer(request, writer, channel)
        }
        // `deinit` ends it: real servers tell watches every minute or so how far they are, as long as they serve.
        announcements = Task { [store = server.store] in
            while true {
                try await Task.sleep(for: .seconds(10))
                store.announceVersion()
            }
        }
        let port = listener.port
        url = "https://127.0.0.1:\(port)"
        administratorToken = "administrator-\(UUID().uuidString.lowercased())"
        users.add(.administrator, token: administratorToken)
        kubeconfigPath = folder.path("kubeconfig")
        let kubeconfig = Kubeconfig(server: url, authorityPEM: try authority.rootPEM, user: .token(administratorToken))
        try kubeconfig.write(to: kubeconfigPath)
        try addNamespaces()
    }

    deinit {
        announcements.cancel()
        server.store.dropWatchers()
    }

    private static func tls(_ authority: TestCA) throws -> TLSConfiguration {
        let identity = try authority.leaf {
            $0.names = [
                .ipAddress(127, 0, 0, 1), .dnsName("localhost"), .dnsName("kubernetes.default.svc"),
                .dnsName("kubernetes.default"),
            ]
        }
        var tls = try identity.serverTLSConfiguration()
        tls.certificateVerification = .optionalVerification
        tls.trustRoots = .certificates([try NIOSSLCertificate(bytes: try authority.root.derBytes, format: .der)])
        tls.applicationProtocols = ["http/1.1"]
        return tls
    }

    private func addNamespaces() throws {
        for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
            try add(["kind": "Namespace", "apiVersion": "v1", "metadata": ["name": .string(name)]])
            try add([
                "kind": "ServiceAccount", "apiVersion": "v1",
                "metadata": ["name": "default", "namespace": .string(name)],
            ])
        }
    }
}
