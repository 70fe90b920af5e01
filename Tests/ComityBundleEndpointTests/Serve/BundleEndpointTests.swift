// SPDX-License-Identifier: Apache-2.0

import ComityBundleEndpoint
import ComityRegistry
import ComityTesting
import FoundationEssentials
import Logging
import NIOCore
import NIOPosix
import SPIFFE
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct BundleEndpointTests {
    private let fixture: EndpointFixture

    init() throws {
        fixture = try EndpointFixture()
    }

    @Test(
        "FED-01: GET gives the document; FED-22: to anybody, S32 S55 by curl",
        arguments: [("--http1.1", "HTTP/1.1 200"), ("--http2", "HTTP/2 200")])
    func curlReadsTheBundle(version: String, statusLine: String) async throws {
        try await fixture.serve { port in
            let result = try await curl(port, "/", [version, "-i"])
            #expect(result.output.hasPrefix(statusLine))
            #expect(result.output.lowercased().contains("content-type: application/json\r\n"))
            let body = try #require(result.output.components(separatedBy: "\r\n\r\n").last)
            let served = try SPIFFEBundle(document: Array(body.utf8), trustDomain: fixture.ca.trustDomain)
            var expected = try #require(fixture.bundle.withLock { $0 })
            expected.refreshHint = 300
            #expect(served == expected)
            #expect(body.hasPrefix("{\n    \"keys\": ["))
        }
    }

    @Test(
        "FED-23: other paths and methods, answered as SPIRE does",
        arguments: [
            ("GET", "/bundle", 404, "404 page not found\n"), ("GET", "//", 404, "404 page not found\n"),
            ("GET", "/?x=1", 200, nil), ("POST", "/", 405, "405 method not allowed\n"),
            ("PUT", "/other", 405, "405 method not allowed\n"), ("DELETE", "/", 405, "405 method not allowed\n"),
        ] as [(String, String, Int, String?)], ["--http1.1", "--http2"])
    func answersOtherRequests(_ request: (method: String, path: String, code: Int, body: String?), version: String)
        async throws
    {
        try await fixture.serve { port in
            let result = try await curl(
                port, request.path, [version, "--path-as-is", "-X", request.method, "-w", "%{http_code}"])
            #expect(result.output.hasSuffix("\(request.code)"))
            if let body = request.body { #expect(result.output == "\(body)\(request.code)") }
        }
    }

    @Test(arguments: ["--http1.1", "--http2"]) func refusesHead(version: String) async throws {
        try await fixture.serve { port in
            let result = try await curl(port, "/", [version, "--head"])
            #expect(result.output.contains(" 405"))
            #expect(result.exitCode == 0)
        }
    }

    @Test("FED-23: the latest bundle on each request") func servesTheLatestBundle() async throws {
        try await fixture.serve { port in
            let first = try await curl(port, "/").output
            #expect(first.contains("\"spiffe_sequence\": 3"))
            fixture.bundle.withLock { $0?.sequenceNumber = 4 }
            let second = try await curl(port, "/").output
            #expect(second.contains("\"spiffe_sequence\": 4"))
        }
    }

    @Test func unreadableBundleIsA500() async throws {
        fixture.bundle.withLock { $0 = nil }
        try await fixture.serve { port in
            let result = try await curl(port, "/", ["-w", "%{http_code}"])
            #expect(result.output == "500 unable to retrieve local bundle\n500")
        }
    }

    @Test("FED-33: openssl sees the X509-SVID, and the next one after a rotation") func opensslSeesTheSPIFFEID()
        async throws
    {
        try await fixture.serve { port in
            let first = try await certificate(port)
            #expect(first.contains("URI:spiffe://alpha.test/spire/server"))
            fixture.credential.withLock { $0 = try? fixture.ca.leaf("/spire/server").credential() }
            let second = try await certificate(port)
            #expect(second.contains("URI:spiffe://alpha.test/spire/server"))
            #expect(first != second)
        }
    }

    @Test(
        "FED-14: TLS 1.2 and 1.3 with forward secrecy, nothing older",
        arguments: [
            (["-tls1_3"], true), (["-tls1_2"], true), (["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"], true),
            (["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"], false),
            (["-tls1_2", "-cipher", "AES128-GCM-SHA256:@SECLEVEL=0"], false),
            (["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], false), (["-tls1", "-cipher", "ALL:@SECLEVEL=0"], false),
        ])
    func acceptsModernTLSOnly(options: [String], accepted: Bool) async throws {
        try await fixture.serve { port in
            let result = try await ToolCommand.run(
                "openssl", ["s_client", "-connect", "127.0.0.1:\(port)"] + options, input: "Q\n")
            #expect((result.exitCode == 0) == accepted, "\(result.errors)")
            #expect(result.output.contains("No client certificate CA names sent") || !accepted)
        }
    }

    @Test("FED-24: the document is UTF-8, and said to be JSON", arguments: ["--http1.1", "--http2"])
    func servesJSON(version: String) async throws {
        try await fixture.serve { port in
            let file = URL(filePath: fixture.folder.path("bundle.json"))
            let result = try await curl(port, "/", [version, "-o", file.path, "-w", "%{content_type}"])
            #expect(result.output == "application/json")
            let bytes = try Data(contentsOf: file)
            #expect(String(validating: bytes, as: UTF8.self) != nil)
            #expect(try JSONValue(parsing: Array(bytes), maximumBytes: 1 << 20)["keys"]?.array != nil)
        }
    }

    @Test("FED-12, FED-33: our own fetcher verifies the endpoint and reads its bundle") func ownFetcherReadsIt()
        async throws
    {
        try await fixture.serve { port in
            let relationship = FederationRelationship(
                trustDomain: fixture.ca.trustDomain, bundleEndpointURL: "https://127.0.0.1:\(port)",
                profile: .httpsSPIFFE(endpointID: try SPIFFEID("spiffe://alpha.test/spire/server")))
            let fetched = try await HTTPSBundleFetcher()
                .fetchBundle(of: relationship, trusting: try fixture.ca.bundle)
            #expect(fetched.bundle.sequenceNumber == 3)
        }
    }

    @Test func withoutCertificateTheConnectionIsRefusedAndLaterOnesAreNot() async throws {
        let credential = fixture.credential.withLock { $0 }
        fixture.credential.withLock { $0 = nil }
        try await fixture.serve { port in
            let refused = try await curl(port, "/").exitCode
            #expect(refused != 0)
            fixture.credential.withLock { $0 = credential }
            let accepted = try await curl(port, "/").exitCode
            #expect(accepted == 0)
        }
    }

    @Test func takenPortIsNamed() async throws {
        let taken = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(taken.localAddress?.port)
        let endpoint = BundleEndpoint(
            address: "127.0.0.1", port: port, refreshHint: 300,
            certificate: SVIDCertificate { nil }, bundle: { throw EndpointFixture.BundleUnavailable() },
            logger: Logger(label: "test"))
        let error = try #require(await #expect(throws: BundleEndpointError.self) { try await endpoint.run() })
        #expect(error.code == .listen)
        #expect(error.message.contains("port \(port)"))
        #expect(error.message.contains("set another port"))
        try await taken.close()
    }

    @Test func listensOnAllInterfacesWithoutAddress() async throws {
        try await fixture.serve(address: "") { port in
            let accepted = try await curl(port, "/").exitCode
            #expect(accepted == 0)
        }
    }

    private func curl(_ port: Int, _ path: String, _ options: [String] = []) async throws -> ToolCommand.Result {
        try await ToolCommand.run(
            "curl", ["--silent", "-k", "--max-time", "30"] + options + ["https://127.0.0.1:\(port)\(path)"])
    }

    private func certificate(_ port: Int) async throws -> String {
        let session = try await ToolCommand.run("openssl", ["s_client", "-connect", "127.0.0.1:\(port)"], input: "Q\n")
        return try await ToolCommand.run("openssl", ["x509", "-noout", "-text"], input: session.output).output
    }
}
