// SPDX-License-Identifier: Apache-2.0

package import ComityTesting
import FoundationEssentials
import HummingbirdCore
import HummingbirdTLS
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import SPIFFE
import ServiceLifecycle
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
    private let serving: Task<Void, any Error>

    /// Starts the server on a port of the loopback interface, with the namespaces of a new cluster.
    package static func start() async throws -> FakeCluster {
        try await FakeCluster()
    }

    private init() async throws {
        folder = try TemporaryFolder()
        authority = try TestCA("kubernetes.test", commonName: "kubernetes")
        server = APIServer(tokens: try ServiceAccountTokens(), misbehaviour: misbehaves)
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let service = try Self.service(HTTPFrontend(server: server, users: users), authority) { port in
            continuation.yield(port)
        }
        // Ended by `deinit`: the cluster is there as long as somebody holds it.
        serving = Task { [server] in
            defer { continuation.finish() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await service.run() }
                group.addTask { try await Self.announceVersions(of: server.store) }
                try await group.next()
                group.cancelAll()
            }
        }
        var port: Int?
        for await number in ports {
            port = number
            break
        }
        guard let port else {
            try await serving.value
            throw CancellationError()
        }
        url = "https://127.0.0.1:\(port)"
        administratorToken = "administrator-\(UUID().uuidString.lowercased())"
        users.add(.administrator, token: administratorToken)
        kubeconfigPath = folder.path("kubeconfig")
        let kubeconfig = Kubeconfig(server: url, authorityPEM: try authority.rootPEM, user: .token(administratorToken))
        try kubeconfig.write(to: kubeconfigPath)
        try addNamespaces()
    }

    deinit {
        serving.cancel()
        server.store.dropWatchers()
    }

    /// Real servers tell watches every minute or so how far they are.
    private static func announceVersions(of store: ObjectStore) async throws {
        while true {
            try await Task.sleep(for: .seconds(10))
            store.announceVersion()
        }
    }

    private static func service(
        _ frontend: HTTPFrontend, _ authority: TestCA, _ onServing: @escaping @Sendable (Int) -> Void
    ) throws -> any Service {
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
        return try HTTPServerBuilder.tls(.http1(), tlsConfiguration: tls).buildServer(
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: 0)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "fake Kubernetes") { _ in SwiftLogNoOpLogHandler() },
            responder: { request, writer, channel in try await frontend.answer(request, writer, channel) },
            onServerRunning: { onServing($0.localAddress?.port ?? 0) })
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
