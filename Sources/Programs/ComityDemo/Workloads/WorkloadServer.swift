// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOHTTP1
import NIOPosix
import SPIFFE
import SPIFFEWorkloadAPI

/// The workload that is called: HTTP over mTLS, one path by certificate alone, the others by token besides.
package struct WorkloadServer: Sendable {
    private let agent: String
    private let clients: TrustDomain

    /// - Parameters:
    ///   - agent: Where the Workload API listens.
    ///   - clients: Whose workloads may connect.
    package init(agent: String, clients: String) throws {
        self.agent = agent
        self.clients = try TrustDomain(nameOrID: clients)
    }

    /// Serves until the process is stopped.
    package func run() async throws {
        WorkloadLedger.log("Starting...")
        let connection = try WorkloadConnection(agent: agent)
        try await connection.running {
            try await connection.x509.ready()
            try await connection.jwt.ready()
            try await serve(connection)
        }
    }

    private func serve(_ connection: WorkloadConnection) async throws {
        let ledger = WorkloadLedger()
        let tls = WorkloadTLS.mutual(connection.x509, authorizer: .member(of: clients))
        let rule = BearerRule(audience: try connection.x509.credential.id.uri, keys: connection.jwt)
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.backlog, value: 256)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandlers(tls.makeServerHandlers())
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(RequestHandler(rule: rule, ledger: ledger))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        ledger.update { $0.port = port }
        WorkloadLedger.log("Serving \(rule.audience) on 127.0.0.1:\(port)")
        try await ledger.run(connection.x509, connection.jwt)
    }
}
