// SPDX-License-Identifier: Apache-2.0

import SPIFFE
import SPIFFEWorkloadAPI

/// The workload that calls.
package struct WorkloadClient: Sendable {
    private let agent: String
    private let server: SPIFFEID
    private let audience: String
    private let port: Int

    /// - Parameters:
    ///   - agent: Where the Workload API listens.
    ///   - server: Whom it expects to answer.
    ///   - audience: Whom its tokens are made out to.
    ///   - port: Where the server listens.
    package init(agent: String, server: String, audience: String, port: Int) throws {
        self.agent = agent
        self.server = try SPIFFEID(server)
        self.audience = audience
        self.port = port
    }

    /// Authenticates once by certificate alone and once by token besides, and tells each step.
    package func callOnce() async throws {
        WorkloadLedger.log("Starting...")
        let connection = try WorkloadConnection(agent: agent)
        try await connection.running {
            try await connection.x509.ready()
            WorkloadLedger.log("Created Newx509Source")
            let http = ConnectionPool(port: port, tls: tls(connection))
            WorkloadLedger.log("created HTTP client")
            let greeting = try await http.withConnection { try await $0.get(RequestHandler.certificatePath) }
            guard greeting.status == 200 else { throw Self.refused(greeting) }
            WorkloadLedger.log("authenticated by X509-SVID: \(greeting.body.dropLast())")
            let refusal = try await http.withConnection { try await $0.get("/") }
            WorkloadLedger.log("without token: \(refusal.status) \(refusal.body)")
            guard refusal.status == 401, refusal.body == BearerRule.refusal else {
                throw DemoError(.proof, "a request without token was answered by \(refusal.status): \(refusal.body)")
            }
            WorkloadLedger.log("created JWTSource")
            try await connection.jwt.ready()
            let token = try await connection.jwt.fetch(audience: [audience])
            WorkloadLedger.log("fetched JWT SVID")
            _ = try await exchange(http, token, connection.jwt)
            WorkloadLedger.log("Success!!!")
        }
    }

    /// Calls so many times a second until the process is stopped, and reports.
    package func callForever(perSecond rate: Int) async throws {
        let connection = try WorkloadConnection(agent: agent)
        try await connection.running {
            try await connection.x509.ready()
            try await connection.jwt.ready()
            let ledger = WorkloadLedger()
            let http = ConnectionPool(port: port, tls: tls(connection))
            try await withThrowingTaskGroup { group in
                group.addTask { try await ledger.run(connection.x509, connection.jwt) }
                group.addTask { try await self.send(perSecond: rate, http, connection.jwt, ledger) }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
    }

    private func tls(_ connection: WorkloadConnection) -> WorkloadTLS {
        .mutual(connection.x509, authorizer: .id(server))
    }

    private func send(
        perSecond rate: Int, _ http: ConnectionPool, _ tokens: JWTSource, _ ledger: WorkloadLedger
    ) async throws {
        let clock = ContinuousClock()
        var next = clock.now
        try await withThrowingDiscardingTaskGroup { group in
            while true {
                next += .seconds(1) / rate
                try await clock.sleep(until: next)
                group.addTask {
                    do {
                        let token = try await tokens.fetch(audience: [audience])
                        let (answer, proof) = try await exchange(http, token, tokens)
                        ledger.succeeded(peer: answer.server, token: proof)
                    } catch {
                        ledger.failed(error)
                    }
                }
            }
        }
    }

    /// One call with a token, whose answer has a token of the server for us.
    private func exchange(
        _ http: ConnectionPool, _ token: JWTCredential, _ keys: JWTSource
    ) async throws -> (HTTPCall.Answer, JWTSVID) {
        let authorization = BearerAuthorization.value(for: token.token)
        let answer = try await http.withConnection { try await $0.get("/", authorization: authorization) }
        guard answer.status == 200 else { throw Self.refused(answer) }
        guard let proof = answer.serverToken else { throw DemoError(.proof, "server sent no token of its own") }
        let svid = try keys.verify(token: proof, audience: [token.id.uri])
        guard svid.id == server else { throw DemoError(.proof, "server's token is of \(svid.id)") }
        return (answer, svid)
    }

    private static func refused(_ answer: HTTPCall.Answer) -> DemoError {
        DemoError(.proof, "server answered \(answer.status): \(answer.body)")
    }
}
