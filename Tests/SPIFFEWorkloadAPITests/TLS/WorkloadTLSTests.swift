// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FoundationEssentials
import NIOCore
import NIOPosix
import NIOSSL
import SPIFFE
import Testing

@testable import SPIFFEWorkloadAPI

@Suite(.timeLimit(.minutes(1))) struct WorkloadTLSTests {
    private let alpha: TestCA
    private let beta: TestCA

    init() throws {
        alpha = try TestCA("alpha.test")
        beta = try TestCA("beta.test")
    }

    /// An identity, and the bundles of both trust domains.
    private func context(_ svid: TestSVID) throws -> X509Context {
        X509Context(credentials: [try svid.credential()], bundles: BundleSet([try alpha.bundle, try beta.bundle]))
    }

    @Test("WAPI-15: each side verifies the other by the bundle of its trust domain")
    func authenticatesBothSides() async throws {
        let server = try WorkloadTLS.mutual(context(alpha.leaf("/server")), authorizer: .member(of: beta.trustDomain))
        let client = try WorkloadTLS.mutual(
            context(beta.leaf("/client")), authorizer: .id(SPIFFEID("spiffe://alpha.test/server")))
        try await TLSEcho(server).serving { echo in
            let answer = try await echo.call(client)
            #expect(answer.server?.uri == "spiffe://alpha.test/server")
            #expect(answer.text == "spiffe://beta.test/client")
        }
    }

    @Test func tellsWhichIDWasNotExpected() async throws {
        let server = try WorkloadTLS.mutual(context(alpha.leaf("/server")), authorizer: .any)
        let client = try WorkloadTLS.mutual(
            context(beta.leaf("/client")), authorizer: .id(SPIFFEID("spiffe://alpha.test/other")))
        try await TLSEcho(server).serving { echo in
            let error = await #expect(throws: SPIFFEError.self) { try await echo.call(client) }
            #expect(error?.message == #"unexpected ID "spiffe://alpha.test/server""#)
            #expect(await echo.nextServerError() is NIOSSLError)
        }
    }

    @Test func refusesAClientThatIsNotAuthorized() async throws {
        let server = try WorkloadTLS.mutual(
            context(alpha.leaf("/server")), authorizer: .id(SPIFFEID("spiffe://beta.test/friend")))
        let client = try WorkloadTLS.mutual(context(beta.leaf("/client")), authorizer: .any)
        try await TLSEcho(server).serving { echo in
            await #expect(throws: (any Error).self) { try await echo.call(client) }
            let error = await echo.nextServerError() as? SPIFFEError
            #expect(error?.message == #"unexpected ID "spiffe://beta.test/client""#)
        }
    }

    @Test func refusesAClientWithoutCertificate() async throws {
        let server = try WorkloadTLS.mutual(context(alpha.leaf("/server")), authorizer: .any)
        let client = WorkloadTLS.verifying(try context(beta.leaf("/client")), authorizer: .any)
        try await TLSEcho(server).serving { echo in
            await #expect(throws: (any Error).self) { try await echo.call(client) }
            #expect(await echo.nextServerError() != nil)
        }
    }

    @Test("WAPI-15, FED-44: refuses a peer whose trust domain has no bundle, or another's root")
    func refusesForeignRoots() async throws {
        let impostor = try TestCA("alpha.test", commonName: "Impostor")
        let unknown = try TestCA("gamma.test")
        for ca in [impostor, unknown] {
            let server = try WorkloadTLS.mutual(context(ca.leaf("/server")), authorizer: .any)
            let client = try WorkloadTLS.mutual(context(beta.leaf("/client")), authorizer: .any)
            try await TLSEcho(server).serving { echo in
                let error = await #expect(throws: SPIFFEError.self) { try await echo.call(client) }
                #expect([.invalidX509SVID, .noBundle].contains(error?.code))
            }
        }
    }

    @Test func servesClientsWithoutIdentity() async throws {
        let server = WorkloadTLS.presenting(try context(alpha.leaf("/server")))
        let client = WorkloadTLS.verifying(try context(beta.leaf("/x")), authorizer: .member(of: alpha.trustDomain))
        try await TLSEcho(server).serving { echo in
            let answer = try await echo.call(client)
            #expect(answer.server?.path == "/server")
            #expect(answer.text == "nobody")
        }
    }

    @Test func picksUpRotationInTheNextHandshake() async throws {
        try await FakeWorkloadAPI().serving { agent in
            agent.x509.send(.of(try .of(alpha.leaf("/old"), bundle: alpha.bundle), federated: [try beta.bundle]))
            let source = X509Source(client: try agent.client)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await source.run() }
                defer { group.cancelAll() }
                try await source.ready()
                var updates = source.updates.makeAsyncIterator()
                _ = try await updates.next()
                let next = try TestCA("alpha.test", commonName: "Next Root")
                let client = try WorkloadTLS.mutual(
                    X509Context(
                        credentials: [try beta.leaf("/client").credential()],
                        bundles: BundleSet([
                            SPIFFEBundle(
                                trustDomain: alpha.trustDomain,
                                x509Authorities: alpha.bundle.x509Authorities + next.bundle.x509Authorities)
                        ])), authorizer: .any)
                try await TLSEcho(.mutual(source, authorizer: .any)).serving { echo in
                    #expect(try await echo.call(client).server?.path == "/old")
                    agent.x509.send(.of(try .of(next.leaf("/new"), bundle: next.bundle), federated: [try beta.bundle]))
                    _ = try await updates.next()
                    #expect(try await echo.call(client).server?.path == "/new")
                    agent.x509.send(.of(try .of(next.leaf("/new"), bundle: next.bundle)))
                    _ = try await updates.next()
                    await #expect(throws: (any Error).self) { try await echo.call(client) }
                    #expect(await echo.nextServerError() as? SPIFFEError == SPIFFEError(.noBundle, ""))
                }
            }
        }
    }

    @Test func neverResumesSessions() async throws {
        let server = try WorkloadTLS.mutual(context(alpha.leaf("/server")), authorizer: .any)
        let folder = try TemporaryFolder()
        let client = try beta.leaf("/client")
        try client.certificatesPEM.write(toFile: folder.path("cert.pem"), atomically: true, encoding: .utf8)
        try client.keyPEM.write(toFile: folder.path("key.pem"), atomically: true, encoding: .utf8)
        try await TLSEcho(server).serving { echo in
            let options = [
                "s_client", "-connect", "127.0.0.1:\(echo.port)", "-cert", folder.path("cert.pem"), "-key",
                folder.path("key.pem"), "-ign_eof",
            ]
            let first = try await ToolCommand.run(
                "openssl", options + ["-sess_out", folder.path("session")], input: "close\n")
            #expect(first.output.contains("spiffe://beta.test/client"))
            let second = try await ToolCommand.run(
                "openssl", options + ["-sess_in", folder.path("session")], input: "close\n")
            #expect(second.output.contains("spiffe://beta.test/client"))
            #expect(second.output.contains("\nNew, TLSv1.3"))
            #expect(!second.output.contains("\nReused"))
        }
    }

    @Test func refusesOldTLS() async throws {
        let server = WorkloadTLS.presenting(try context(alpha.leaf("/server")))
        try await TLSEcho(server).serving { echo in
            let result = try await ToolCommand.run(
                "openssl", ["s_client", "-connect", "127.0.0.1:\(echo.port)", "-tls1_1", "-cipher", "ALL@SECLEVEL=0"])
            #expect(result.exitCode != 0)
        }
    }
}
