// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import SPIFFE
import SPIFFEWorkloadAPI

/// Sends a line to a server that sends it back; both prove who they are by X509-SVIDs.
@main
struct MTLSEcho {
    static let usage = """
        usage: mtls-echo server PORT TRUST_DOMAIN        accepts clients of the trust domain
               mtls-echo client PORT SERVER_ID TEXT      talks to that server only
        SPIFFE_ENDPOINT_SOCKET names the Workload API.
        """

    static func main() async throws {
        let words = CommandLine.arguments.dropFirst()
        guard words.count >= 3, let port = Int(words[2]) else {
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
                try await EchoServer(tls: .mutual(source, authorizer: clients)).run(port: port)
            } else {
                let server = Authorizer.id(try SPIFFEID(words[3]))
                let text = words.dropFirst(3).joined(separator: " ")
                print(try await EchoClient(tls: .mutual(source, authorizer: server)).send(text, port: port))
            }
        }
    }
}
