// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import ComityTransport
import Foundation
import GRPCCore
import NIOCore
import NIOPosix
import SPIFFE
import ServerAPIProtos
import Synchronization
import Testing
import X509

/// A TLS server whose identity and trusted bundles a test changes while it runs.
private final class ServerState: Sendable {
    private let state: Mutex<(credential: X509Credential?, bundles: BundleSet)>

    init(_ credential: X509Credential?, trusting bundles: BundleSet) {
        state = Mutex((credential, bundles))
    }

    func present(_ credential: X509Credential) {
        state.withLock { $0.credential = credential }
    }

    func trust(_ bundles: BundleSet) {
        state.withLock { $0.bundles = bundles }
    }

    var listener: GRPCListener {
        listener()
    }

    func listener(limits: ListenerLimits = .remote) -> GRPCListener {
        .tls(
            host: "127.0.0.1", port: 0,
            .spiffe(
                credential: { self.state.withLock { $0.credential } }, bundles: { self.state.withLock { $0.bundles } }),
            limits: limits)
    }
}

extension BoundAddress {
    /// A client of this server that believes `bundles` and presents `credential`.
    fileprivate func connector(
        _ bundles: BundleSet, credential: X509Credential? = nil, server: SPIFFEID
    ) -> GRPCConnector {
        .tls(
            host: "127.0.0.1", port: port ?? 0,
            .spiffe(bundles: { bundles }, authorizer: .id(server), credential: { credential }))
    }
}

@Suite struct TLSListenerTests {
    let ca: TestCA
    let serverID: SPIFFEID
    private let state: ServerState

    init() throws {
        ca = try TestCA("example.org")
        serverID = try SPIFFEID("spiffe://example.org/spire/server")
        state = ServerState(try ca.leaf("/spire/server").credential(), trusting: try ca.bundles)
    }

    @Test func admitsAClientWithoutCertificate() async throws {
        try await state.listener.serving { address in
            let facts = try await address.connector(ca.bundles, server: serverID).report()
            #expect(!facts.contains { $0.hasPrefix("id=") })
            #expect(facts.contains { $0.hasPrefix("address=127.0.0.1:") })
        }
    }

    @Test func knowsAClientByItsVerifiedCertificate() async throws {
        let agent = try ca.intermediate().leaf("/spire/agent/x").credential()
        try await state.listener.serving { address in
            let facts = try await address.connector(ca.bundles, credential: agent, server: serverID).report()
            #expect(facts.contains("id=spiffe://example.org/spire/agent/x"))
            #expect(facts.contains("serial=\(agent.leaf.serialNumber)"))
        }
    }

    @Test func refusesAForgedAndAForeignClient() async throws {
        let forged = try TestCA("example.org").leaf("/spire/agent/x").credential()
        let foreign = try TestCA("other.org").leaf("/spire/agent/x").credential()
        try await state.listener.serving { address in
            for credential in [forged, foreign] {
                await #expect(throws: RPCError.self) {
                    try await address.connector(ca.bundles, credential: credential, server: serverID).report()
                }
            }
        }
    }

    @Test func judgesEachHandshakeByTheBundleOfNow() async throws {
        let other = try TestCA("other.org")
        let client = try other.leaf("/admin").credential()
        try await state.listener.serving { address in
            let connector = address.connector(try ca.bundles, credential: client, server: serverID)
            await #expect(throws: RPCError.self) { try await connector.report() }
            state.trust(BundleSet([try ca.bundle, try other.bundle]))
            let facts = try await connector.report()
            #expect(facts.contains("id=spiffe://other.org/admin"))
            state.trust(try ca.bundles)
            await #expect(throws: RPCError.self) { try await connector.report() }
        }
    }

    @Test func presentsANewIdentityWithoutRestart() async throws {
        let newCA = try TestCA("example.org")
        try await state.listener.serving { address in
            let trustingNew = address.connector(try newCA.bundles, server: serverID)
            _ = try await address.connector(try ca.bundles, server: serverID).report()
            await #expect(throws: RPCError.self) { try await trustingNew.report() }
            state.present(try newCA.leaf("/spire/server").credential())
            _ = try await trustingNew.report()
        }
    }

    @Test func refusesConnectionsWhileItHasNoIdentity() async throws {
        let empty = ServerState(nil, trusting: try ca.bundles)
        try await empty.listener.serving { address in
            let connector = address.connector(try ca.bundles, server: serverID)
            await #expect(throws: RPCError.self) { try await connector.report() }
            empty.present(try ca.leaf("/spire/server").credential())
            _ = try await connector.report()
        }
    }

    @Test func clientRefusesAServerOfAnotherIDAndSaysSo() async throws {
        let wanted = try SPIFFEID("spiffe://example.org/spire/other")
        try await state.listener.serving { address in
            let error = await #expect(throws: RPCError.self) {
                try await address.connector(ca.bundles, server: wanted).report()
            }
            #expect(error?.message.contains("unexpected ID \"\(serverID)\"") == true)
        }
    }

    @Test func clientUsesItsNewIdentityAfterReconnect() async throws {
        let credential = Mutexed(try ca.leaf("/spire/agent/x").credential())
        let bundles = try ca.bundles
        try await state.listener.serving { address in
            let connector = GRPCConnector.tls(
                host: "127.0.0.1", port: address.port ?? 0,
                .spiffe(bundles: { bundles }, authorizer: .id(serverID), credential: { credential.value }))
            let connection = try connector.makeConnection()
            try await withGRPCClient(transport: connection) { client in
                let first = try await client.report()
                let renewed = try ca.leaf("/spire/agent/x").credential()
                credential.value = renewed
                #expect(try await client.report() == first)
                try connection.reconnect()
                let facts = try await client.report()
                #expect(facts.contains("serial=\(renewed.leaf.serialNumber)"))
            }
        }
    }

    @Test func namesThePortThatIsTaken() async throws {
        try await state.listener.serving { address in
            let port = try #require(address.port)
            let failure = await GRPCListener.tls(host: "127.0.0.1", port: port, ServerTLS { nil }).startFailure()
            #expect(failure?.code == .addressTaken)
            #expect(failure?.message.contains("127.0.0.1:\(port); stop it or set another bind_port") == true)
        }
    }

    @Test func namesAnAddressThatIsNotHere() async throws {
        let failure = await GRPCListener.tls(host: "192.0.2.1", port: 0, ServerTLS { nil }).startFailure()
        #expect(failure?.code == .addressUnusable)
        #expect(failure?.message.contains("192.0.2.1") == true)
    }

    @Test func asksOldConnectionsToGoAndLosesNoCall() async throws {
        var limits = ListenerLimits.remote
        limits.maximumConnectionAge = .milliseconds(100)
        try await state.listener(limits: limits).serving { address in
            var connector = address.connector(try ca.bundles, server: serverID)
            connector.repeatableMethods = [Grpc_Health_V1_Health.Method.List.descriptor]
            try await connector.withClient { client in
                var connections: Set<String> = []
                while connections.count < 3 {
                    connections.formUnion(try await client.report().filter { $0.hasPrefix("connection=") })
                }
            }
        }
    }
}

/// A value that a test changes behind a closure's back.
final class Mutexed<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    init(_ value: Value) {
        state = Mutex(value)
    }

    var value: Value {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

/// What openssl, which we did not write, finds at the port.
@Suite struct TLSListenerOpenSSLTests {
    let ca: TestCA
    private let state: ServerState

    init() throws {
        ca = try TestCA("example.org")
        state = ServerState(try ca.leaf("/spire/server").credential(), trusting: try ca.bundles)
    }

    @Test(arguments: [("-tls1_2", true), ("-tls1_3", true), ("-tls1_1", false), ("-tls1", false)])
    func speaksNothingOlderThanTLS12(version: String, isAccepted: Bool) async throws {
        try await state.listener.serving { address in
            // Security level 0: otherwise openssl itself would not offer the old versions.
            let reply = try await client(address, [version, "-alpn", "h2", "-cipher", "ALL:@SECLEVEL=0"])
            #expect(reply.output.contains("ALPN protocol: h2") == isAccepted)
            #expect((reply.code == 0) == isAccepted)
        }
    }

    @Test(arguments: ["-tls1_2", "-tls1_3"])
    func neverResumesASession(version: String) async throws {
        let folder = try ScratchFolder()
        let session = "\(folder.path)/session"
        try await state.listener.serving { address in
            // `-ign_eof` with a preface and a pause would race; TLS 1.3 tickets come right after the handshake.
            _ = try await client(address, [version, "-alpn", "h2", "-sess_out", session])
            guard FileManager.default.fileExists(atPath: session) else { return }
            let second = try await client(address, [version, "-alpn", "h2", "-sess_in", session])
            #expect(second.output.contains("New, TLSv1"))
            #expect(!second.output.contains("Reused, TLSv1"))
        }
    }

    @Test func showsItsSPIFFEID() async throws {
        try await state.listener.serving { address in
            let reply = try await run(
                "/bin/sh",
                [
                    "-c",
                    "openssl s_client -connect 127.0.0.1:\(address.port ?? 0) </dev/null 2>/dev/null"
                        + " | openssl x509 -noout -ext subjectAltName",
                ])
            #expect(reply.output.contains("URI:spiffe://example.org/spire/server"))
        }
    }

    private func client(
        _ address: BoundAddress, _ arguments: [String]
    ) async throws -> (code: Int32, output: String, pid: Int32) {
        try await run(
            "/usr/bin/openssl", ["s_client", "-connect", "127.0.0.1:\(address.port ?? 0)"] + arguments, input: "Q\n")
    }
}
