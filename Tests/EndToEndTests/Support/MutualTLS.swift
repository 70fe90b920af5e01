// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation

/// A TLS server and a TLS client of openssl, each with an X509-SVID and the one bundle by which it verifies its peer.
struct MutualTLS {
    /// What one side presents and trusts, as files.
    struct Side {
        var chain: String
        var key: String
        var trusted: String

        /// What `api fetch x509 -write` left in the folder.
        init(in folder: String, trusted: String) {
            chain = "\(folder)/svid.0.pem"
            key = "\(folder)/svid.0.key"
            self.trusted = "\(folder)/\(trusted)"
        }

        var arguments: [String] { ["-cert", chain, "-key", key, "-CAfile", trusted, "-verify_return_error"] }
    }

    var server: Side
    var client: Side

    /// Makes one connection with a request.
    ///
    /// - Returns: What the client saw; it has succeeded when that holds the server's page.
    func connect(in folder: TemporaryFolder) async throws -> String {
        let port = try FreePorts.two().0
        let listening = try RunningProgram(
            "/usr/bin/env",
            ["openssl", "s_server", "-accept", "127.0.0.1:\(port)", "-www", "-Verify", "3"] + server.arguments,
            in: folder.path, log: folder.path("s_server-\(port).log"))
        try await listening.line("ACCEPT")
        let client = try await ToolCommand.run(
            "openssl", ["s_client", "-connect", "127.0.0.1:\(port)", "-ign_eof"] + client.arguments,
            input: "GET / HTTP/1.0\r\n\r\n")
        await listening.stop()
        return client.output + client.errors + listening.log
    }

    /// Whether both sides verified each other and a page came.
    static func succeeded(_ transcript: String) -> Bool {
        transcript.contains("HTTP/1.0 200 ok") && transcript.contains("Verify return code: 0 (ok)")
    }
}
