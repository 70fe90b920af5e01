// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// A router that hands TLS through, as a Route or an ingress does: a forwarder of bytes in front of a real server.
@Suite struct PassThroughTests {
    @Test("S20: through a router the server answers any SNI and Host by its own X.509-SVID, and curl gets the bundle")
    func routerChangesNothing() async throws {
        let domain = try Deployment("one.test")
        try domain.writeServerConfiguration()
        let server = try await domain.startServer()
        defer { withExtendedLifetime(server) {} }
        let authorities = try await domain.server("bundle", "show").check().output
        try authorities.write(toFile: domain.folder.path("ca.pem"), atomically: true, encoding: .utf8)
        try await PortForward.with(to: domain.ports.bundleEndpoint) { router in
            for name in ["federation.one.test", "spire-server-federation-spire-server.apps.example.org", nil] {
                let handshake = try await ToolCommand.run(
                    "openssl",
                    [
                        "s_client", "-connect", "127.0.0.1:\(router.port)", "-verify_return_error", "-CAfile",
                        domain.folder.path("ca.pem"),
                    ] + (name.map { ["-servername", $0] } ?? ["-noservername"]))
                let names = try await ToolCommand.run(
                    "openssl", ["x509", "-noout", "-ext", "subjectAltName"], input: handshake.check().output)
                #expect(try names.check().output.contains("URI:spiffe://one.test/spire/server"), "\(name ?? "no name")")
                let host = name ?? "127.0.0.1"
                let answer = try await ToolCommand.run(
                    "curl",
                    ["-sk", "--resolve", "\(host):\(router.port):127.0.0.1", "https://\(host):\(router.port)/"])
                #expect(try BundleDocumentText(answer.check().output).keys.isEmpty == false)
            }
        }
    }
}
