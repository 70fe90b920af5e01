// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// The bundle endpoint as curl and openssl see it.
@Suite(.serialized) struct BundleEndpointTests {
    @Test("S4 S32 S45 S55: an endpoint configured in JSON serves its bundle to anybody, by any name")
    func servesAnybody() async throws {
        let (one, two) = (try Deployment("one.test"), try Deployment("two.test"))
        try one.writeJSONServerConfiguration(federatesWith: two)
        let server = try await one.startServer()
        defer { withExtendedLifetime(server) {} }
        let shown = try await one.server("bundle", "show", "-format", "spiffe").check().output
        let port = one.ports.bundleEndpoint
        let status = "\n%{http_version} %{response_code} %{content_type}"

        let modern = try await ToolCommand.run(
            "curl", ["-sk", "--http2", "-w", status, "https://127.0.0.1:\(port)"])
        let old = try await ToolCommand.run(
            "curl", ["-sk", "--http1.1", "-w", status, "https://127.0.0.1:\(port)/"])
        let otherName = try await ToolCommand.run(
            "curl",
            [
                "-sk", "-w", status, "--resolve", "spire-server.cluster-b:\(port):127.0.0.1",
                "https://spire-server.cluster-b:\(port)/",
            ])

        #expect(try modern.check().output.hasSuffix("\n2 200 application/json"))
        #expect(try old.check().output.hasSuffix("\n1.1 200 application/json"))
        #expect(try otherName.check().output.hasSuffix(" 200 application/json"))
        let printed = try BundleDocumentText(shown)
        for answer in [modern, old, otherName] {
            let served = try BundleDocumentText(answer.output)
            #expect(served.keys == printed.keys)
            #expect(served.sequence == printed.sequence)
            #expect(served.refreshHint == 300)
        }
    }

    @Test("S20: openssl finds the server's SPIFFE ID whatever name it asks for, and no TLS before 1.2")
    func presentsTheServersID() async throws {
        let domain = try Deployment("one.test")
        try domain.writeServerConfiguration()
        let server = try await domain.startServer()
        defer { withExtendedLifetime(server) {} }
        func handshake(_ arguments: String...) async throws -> ToolCommand.Result {
            try await ToolCommand.run(
                "openssl",
                ["s_client", "-connect", "127.0.0.1:\(domain.ports.bundleEndpoint)", "-cipher", "ALL:@SECLEVEL=0"]
                    + arguments)
        }

        let named = try await handshake("-servername", "spire.apps.example.org")
        let names = try await ToolCommand.run(
            "openssl", ["x509", "-noout", "-ext", "subjectAltName"], input: named.output)
        let (old, supported) = (try await handshake("-tls1_1"), try await handshake("-tls1_2"))

        #expect(try names.check().output.contains("URI:spiffe://one.test/spire/server"))
        #expect(try supported.check().output.contains("Protocol  : TLSv1.2"))
        #expect(old.exitCode != 0)
        #expect(old.errors.contains("alert protocol version"))
    }
}
