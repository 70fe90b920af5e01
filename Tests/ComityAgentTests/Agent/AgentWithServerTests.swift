// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityRegistry
import ComityTesting
import ComityWire
import ComityWorkloads
import Foundation
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing
import WorkloadAPIProtos

/// The agent with a real server.
@Suite(.timeLimit(.minutes(2))) struct AgentWithServerTests {
    @Test("WEP-21: an agent of a server gives its workloads identities that verify")
    func workloadGetsIdentitiesThatVerify() async throws {
        try await ServerFixture.with { server in
            let (agent, token) = try await makeAgent(of: server)
            try await server.createEntries(["/a", "/b"], under: token)
            try await agent.withAgent(try agent.settings(port: server.port, token: token)) { api in
                let response = try await svids(api) { $0.svids.count == 2 }
                let bundle = try await server.ownBundle()
                for svid in response.svids {
                    let credential = try X509Credential(
                        concatenatedDER: Array(svid.x509Svid), privateKeyDER: Array(svid.x509SvidKey))
                    let verified = try UnverifiedX509SVID(certificates: credential.certificates)
                        .verified(by: BundleSet([bundle]), at: Date())
                    #expect(verified.id.uri == svid.spiffeID)
                }
                let tokens = try await api.fetchJWTSVID(.with { $0.audience = ["x", "y"] }, metadata: header)
                #expect(Set(tokens.svids.map(\.spiffeID)) == ["spiffe://alpha.test/a", "spiffe://alpha.test/b"])
                for svid in tokens.svids {
                    let verified = try UnverifiedJWTSVID(token: svid.svid)
                        .verified(by: bundle, audience: ["y"], at: Date())
                    #expect(verified.id.uri == svid.spiffeID)
                    let answer = try await api.validateJWTSVID(
                        .with {
                            $0.audience = "x"
                            $0.svid = svid.svid
                        }, metadata: header)
                    #expect(answer.spiffeID == svid.spiffeID)
                }
            }
        }
    }

    @Test func tokenLetsOneAgentInAlsoWhenTwoComeAtOnce() async throws {
        try await ServerFixture.with { server in
            let (first, token) = try await makeAgent(of: server)
            let (second, _) = try await makeAgent(of: server)
            let refusals = try await withThrowingTaskGroup(of: String?.self) { group in
                for agent in [first, second] {
                    var settings = try agent.settings(port: server.port, token: token)
                    settings.startRetry = Backoff(initial: 0, maximum: 0, maximumElapsed: 0)
                    let final = settings
                    group.addTask {
                        do {
                            try await agent.withAgent(final) { api in
                                // No entry, no token: it is enough that somebody answers.
                                _ = try? await api.fetchJWTSVID(.with { $0.audience = ["x"] }, metadata: header)
                            }
                            return nil
                        } catch {
                            return (error as? RPCError)?.message ?? "\(error)"
                        }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }

            #expect(refusals.filter { $0 == nil }.count == 1)
            #expect(
                refusals.compactMap { $0 } == [
                    "failed to attest: join token does not exist or has already been used"
                ])
            #expect(try await server.agents.countAgents(.init()).count == 1)
        }
    }

    @Test func goesOnAfterARestartWithoutToken() async throws {
        try await ServerFixture.with { server in
            let (agent, token) = try await makeAgent(of: server)
            try await server.createEntries(["/a"], under: token)
            for current in [token, nil] {
                let settings = try agent.settings(port: server.port, token: current)
                try await agent.withAgent(settings) { api in
                    _ = try await svids(api) { $0.svids.count == 1 }
                }
            }
        }
    }

    @Test("WAPI-09: news of entries, in both directions, reach an open stream")
    func entriesComeAndGo() async throws {
        try await ServerFixture.with { server in
            let (agent, token) = try await makeAgent(of: server)
            let a = try await server.createEntries(["/a"], under: token)
            try await agent.withAgent(try agent.settings(port: server.port, token: token)) { api in
                let error = await #expect(throws: RPCError.self) {
                    try await api.fetchX509SVID(.init(), metadata: header) { response in
                        var messages = response.messages.makeAsyncIterator()
                        #expect(try await messages.next()?.svids.count == 1)
                        let b = try await server.createEntries(["/b"], under: token)
                        #expect(try await messages.next()?.svids.count == 2)
                        _ = try await server.entries.batchDeleteEntry(.with { $0.ids = a })
                        #expect(try await messages.next()?.svids.map(\.spiffeID) == ["spiffe://alpha.test/b"])
                        _ = try await server.entries.batchDeleteEntry(.with { $0.ids = b })
                        _ = try await messages.next()
                    }
                }
                #expect(error?.code == .permissionDenied)
            }
        }
    }

    @Test func manyEntriesAreSyncedByRevision() async throws {
        try await ServerFixture.with { server in
            let (agent, token) = try await makeAgent(of: server)
            let ids = try await server.createEntries((0..<600).map { "/w\($0)" }, under: token)
            var settings = try agent.settings(port: server.port, token: token)
            settings.syncInterval = 0.5
            try await agent.withAgent(settings) { api in
                try await api.fetchX509SVID(.init(), metadata: header) { response in
                    var messages = response.messages.makeAsyncIterator()
                    #expect(try await messages.next()?.svids.count == 600)
                    _ = try await server.entries.batchUpdateEntry(
                        .with {
                            $0.entries = [
                                .with {
                                    $0.id = ids[7]
                                    $0.hint = "seven"
                                }
                            ]
                            $0.inputMask = .with { $0.hint = true }
                        })
                    let next = try await messages.next()
                    #expect(next?.svids.count == 600)
                    #expect(next?.svids.filter { $0.hint == "seven" }.map(\.spiffeID) == ["spiffe://alpha.test/w7"])
                }
            }
        }
    }

    @Test func preparedAuthoritiesReachWorkloadsBeforeTheySign() async throws {
        try await ServerFixture.with { server in
            let (agent, token) = try await makeAgent(of: server)
            try await server.createEntries(["/a"], under: token)
            try await agent.withAgent(try agent.settings(port: server.port, token: token)) { api in
                try await api.fetchX509SVID(.init(), metadata: header) { response in
                    var messages = response.messages.makeAsyncIterator()
                    let first = try #require(try await messages.next()?.svids.first)
                    _ = try await server.authorities.prepareX509Authority(.init())
                    let second = try #require(try await messages.next()?.svids.first)

                    #expect(second.x509Svid == first.x509Svid)
                    #expect(second.bundle.count > first.bundle.count)
                }
                try await api.fetchJWTBundles(.init(), metadata: header) { response in
                    var messages = response.messages.makeAsyncIterator()
                    let first = try keyCount(try await messages.next())
                    _ = try await server.authorities.prepareJWTAuthority(.init())
                    #expect(try keyCount(try await messages.next()) == first + 1)
                }
            }
        }
    }

    @Test("S15, S35: a foreign bundle that is missing costs nobody his identity and comes when it is there")
    func foreignBundleComesLater() async throws {
        try await ServerFixture.with { server in
            let (agent, token) = try await makeAgent(of: server)
            try await server.createEntries(["/a"], under: token, federatesWith: ["beta.test"])
            try await agent.withAgent(try agent.settings(port: server.port, token: token)) { api in
                let beta = try TestCA("beta.test")
                try await api.fetchX509SVID(.init(), metadata: header) { response in
                    var messages = response.messages.makeAsyncIterator()
                    let first = try await messages.next()
                    #expect(first?.svids.count == 1)
                    #expect(first?.federatedBundles == [:])
                    let bundle = try Spire_Api_Types_Bundle(BundleRecord(try beta.bundle))
                    _ = try await server.bundles.batchSetFederatedBundle(.with { $0.bundle = [bundle] })
                    let root = Data(try beta.root.derBytes)
                    #expect(try await messages.next()?.federatedBundles == ["spiffe://beta.test": root])
                }
            }
        }
    }

    @Test("FED-42: a foreign bundle that is deleted leaves the Workload API, and its SVIDs are refused")
    func deletedForeignBundleIsRedacted() async throws {
        try await ServerFixture.with { server in
            let (agent, token) = try await makeAgent(of: server)
            let beta = try TestCA("beta.test")
            let peer = try beta.leaf("/peer").unverified()
            let bundle = try Spire_Api_Types_Bundle(BundleRecord(try beta.bundle))
            _ = try await server.bundles.batchSetFederatedBundle(.with { $0.bundle = [bundle] })
            try await server.createEntries(["/a"], under: token, federatesWith: ["beta.test"])
            try await agent.withAgent(try agent.settings(port: server.port, token: token)) { api in
                try await api.fetchX509SVID(.init(), metadata: header) { response in
                    var messages = response.messages.makeAsyncIterator()
                    let before = try federatedBundles(try await messages.next())
                    #expect(try peer.verified(by: before, at: Date()).id.uri == "spiffe://beta.test/peer")

                    _ = try await server.bundles.batchDeleteFederatedBundle(
                        .with {
                            $0.trustDomains = ["beta.test"]
                            $0.mode = .dissociate
                        })
                    let after = try federatedBundles(try await messages.next())
                    #expect(after == BundleSet())
                    #expect(throws: SPIFFEError(.noBundle, "")) { try peer.verified(by: after, at: Date()) }
                }
            }
        }
    }

    @Test func evictedAgentEnds() async throws {
        try await ServerFixture.with { server in
            let (agent, token) = try await makeAgent(of: server)
            let settings = try agent.settings(port: server.port, token: token)
            let id = Spire_Api_Types_SPIFFEID.with {
                $0.trustDomain = "alpha.test"
                $0.path = "/spire/agent/join_token/\(token)"
            }
            await #expect(throws: AgentError(.shutdown, "")) {
                try await agent.withAgentUntilItEnds(settings) {
                    _ = try await server.agents.deleteAgent(.with { $0.id = id })
                }
            }
        }
    }

    @Test func bannedAgentEnds() async throws {
        try await ServerFixture.with { server in
            let (agent, token) = try await makeAgent(of: server)
            let settings = try agent.settings(port: server.port, token: token)
            let id = Spire_Api_Types_SPIFFEID.with {
                $0.trustDomain = "alpha.test"
                $0.path = "/spire/agent/join_token/\(token)"
            }
            await #expect(throws: AgentError(.shutdown, "")) {
                try await agent.withAgentUntilItEnds(settings) {
                    _ = try await server.agents.banAgent(.with { $0.id = id })
                }
            }
            #expect(agent.log.lines.contains("warning Agent is banned: removing SVID and shutting down"))
        }
    }

    private let header: Metadata = ["workload.spiffe.io": "true"]

    private func makeAgent(of server: ServerFixture) async throws -> (AgentFixture, token: String) {
        (try AgentFixture(trusting: try await server.ownBundle()), try await server.joinToken())
    }

    private func federatedBundles(_ message: Workload_X509SVIDResponse?) throws -> BundleSet {
        BundleSet(
            try #require(message).federatedBundles.map { id, bytes in
                try SPIFFEBundle(concatenatedDER: Array(bytes), trustDomain: try TrustDomain(nameOrID: id))
            })
    }

    private func keyCount(_ response: Workload_JWTBundlesResponse?) throws -> Int {
        let document = try #require(response?.bundles["spiffe://alpha.test"])
        return try JSONValue(parsing: Array(document), maximumBytes: 1 << 20)["keys"]?.array?.count ?? 0
    }

    /// The first state that is as wanted.
    private func svids(
        _ api: AgentFixture.API, where isWanted: @Sendable @escaping (Workload_X509SVIDResponse) -> Bool
    ) async throws -> Workload_X509SVIDResponse {
        try await api.fetchX509SVID(.init(), metadata: header) { response in
            for try await message in response.messages where isWanted(message) { return message }
            throw RPCError(code: .unknown, message: "no such message")
        }
    }
}
