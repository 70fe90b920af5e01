// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import SPIFFE
import SPIFFEWorkloadAPI

/// Sends a line to a server that sends it back; both prove who they are by X509-SVIDs.
@main
struct MTLSEcho {
    static let usage = """
        usage: mtls-echo server [HOST:]PORT TRUST_DOMAIN        accepts clients of the trust domain
               mtls-echo client [HOST:]PORT SERVER_ID TEXT      talks to that server only
        HOST is 127.0.0.1 when left out. SPIFFE_ENDPOINT_SOCKET names the Workload API.
        """

    static func main() async throws {
        let words = CommandLine.arguments.dropFirst()
        guard words.count >= 3, let (host, port) = address(words[2]) else {
            print(usage)
            return
        }
        // The source asks the agent for our identity and keeps it fresh for as long as it runs.
        let source = try X509Source()
        try await withThrowingTaskGroup { group in
            group.addTask { try await source.run() }
            defer { group.cancelAll() }
            try await source.ready()
            print("I am \(try source.credential.id)")
            if words[1] == "server" {
                let clients = Authorizer.member(of: try TrustDomain(words[3]))
                try await EchoServer(tls: .mutual(source, authorizer: clients)).run(host: host, port: port)
            } else {
                let server = Authorizer.id(try SPIFFEID(words[3]))
                let text = words.dropFirst(3).joined(separator: " ")
                print(try await EchoClient(tls: .mutual(source, authorizer: server)).send(text, to: host, port: port))
            }
        }
    }

    private static func address(_ text: String) -> (host: String, port: Int)? {
        let parts = text.split(separator: ":")
        guard let port = parts.last.flatMap({ Int($0) }), parts.count <= 2 else { return nil }
        return (parts.count == 2 ? String(parts[0]) : "127.0.0.1", port)
    }
}
