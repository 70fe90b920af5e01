// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftASN1
import SwiftProtobuf
import Testing
import X509

/// Nodes that want more than they may have, against a running server.
@Suite(.serialized) struct HostileNodeTests {
    private let domain: Deployment

    init() throws {
        domain = try Deployment("one.test")
        try domain.writeServerConfiguration(server: "ratelimit { attestation = false }")
    }

    @Test("of eight nodes that offer one join token at the same instant one is attested")
    func attestsOneOfMany() async throws {
        let server = try await domain.startServer()
        defer { withExtendedLifetime(server) {} }
        let (token, node) = (try await token(), try await RawNode(of: domain))
        let csr = try await ForeignRequest(uri: "spiffe://one.test/x", in: domain.folder).der
        let start = Gate(8)

        let refusals = try await withThrowingTaskGroup(of: RPCError?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    try await node.call { client in
                        // Connected by now, so that nothing but the token is left to be done.
                        await #expect(throws: RPCError.self) {
                            try await node.attest("no token at all", csr: csr, over: client)
                        }
                        await start.pass()
                        do {
                            _ = try await node.attest(token, csr: csr, over: client)
                            return nil
                        } catch let error as RPCError {
                            return error
                        }
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }

        #expect(refusals.count { $0 == nil } == 1)
        for refusal in refusals.compactMap(\.self) {
            #expect(refusal.message.contains("join token does not exist or has already been used"))
        }
        #expect(try await domain.server("agent", "count").check().output == "1 attested agent\n")
    }

    @Test("what a CSR asks for is not what is signed: the identity comes from the token and from the entry")
    func signsWhatIsRegistered() async throws {
        let server = try await domain.startServer()
        defer { withExtendedLifetime(server) {} }
        let token = try await token("-spiffeID", "spiffe://one.test/node")
        var node = try await RawNode(of: domain)
        let wish = try await ForeignRequest(uri: "spiffe://one.test/spire/server", in: domain.folder)
        let chain = try await node.call { try await node.attest(token, csr: wish.der, over: $0) }
        node.credential = try X509Credential(certificates: chain, privateKey: try #require(wish.key))
        #expect(node.credential?.id.uri == "spiffe://one.test/spire/agent/join_token/\(token)")

        let own = try await domain.createEntry("/web")
        let others = try await domain.command(
            "spire-server",
            [
                "entry", "create", "-parentID", "spiffe://one.test/other-node", "-spiffeID", "spiffe://one.test/db",
                "-selector", "unix:uid:1", "-socketPath", domain.serverSocket,
            ]
        ).check().output
        let foreign = try #require(others.split(separator: "\n").first { $0.hasPrefix("Entry ID") })
            .split(separator: ":")[1].trimmingCharacters(in: .whitespaces)
        let results = try await eventually("the entry is the node's") { [node] in
            let answer = try await node.call { client in
                try await RawNode.SVID(wrapping: client).batchNewX509SVID(
                    .with {
                        $0.params = [own, foreign].map { id in
                            .with {
                                $0.entryID = id
                                $0.csr = wish.der
                            }
                        }
                    })
            }
            return answer.results.first?.status.code == 0 ? answer.results : nil
        }

        #expect(results.map(\.status.code) == [0, Int32(RPCError.Code.notFound.rawValue)])
        let signed = try Certificate(derEncoded: Array(try #require(results[0].svid.certChain.first)))
        #expect(try UnverifiedX509SVID(certificates: [signed]).claimedID.uri == "spiffe://one.test/web")
        #expect(!signed.subject.description.contains("Stranger"))
        #expect(results[1].status.message == "entry not found or not authorized")
        #expect(!results[1].hasSvid)
    }

    @Test("a CSR with a weak key, one that is none and a request of five megabytes attest nobody")
    func refusesWhatCannotBeSigned() async throws {
        let server = try await domain.startServer()
        defer { withExtendedLifetime(server) {} }
        let node = try await RawNode(of: domain)
        let good = try await ForeignRequest(uri: "spiffe://one.test/x", in: domain.folder).der
        let weak = try await ForeignRequest(key: "rsa:1024", uri: "spiffe://one.test/x", in: domain.folder).der
        let bad: [(csr: Data, words: String)] = [
            (weak, "RSA key has 1024 bits; use 2048 to 8192"),
            (Data(good.dropLast(9)), "failed to parse CSR"), (Data(), "missing CSR"),
            // Refused before any of it is looked at.
            (Data(count: 5 << 20), "received message larger than max"),
        ]

        for (csr, words) in bad {
            let token = try await token()
            let error = try await node.call { client in
                try #require(
                    await #expect(throws: RPCError.self) { try await node.attest(token, csr: csr, over: client) })
            }
            #expect(error.message.contains(words), "\(error.message)")
        }

        #expect(try await domain.server("agent", "count").check().output == "0 attested agents\n")
        #expect(try await domain.server("healthcheck").exitCode == 0)
    }

    private func token(_ more: String...) async throws -> String {
        let generated = try await domain.command(
            "spire-server", ["token", "generate", "-socketPath", domain.serverSocket] + more
        ).check()
        return String(generated.output.split(separator: "\n")[0].replacing("Token: ", with: ""))
    }
}
