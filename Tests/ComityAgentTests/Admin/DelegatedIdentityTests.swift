// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityRegistry
import ComityTesting
import Foundation
import GRPCCore
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing

@Suite(.timeLimit(.minutes(1))) struct DelegatedIdentityTests {
    private typealias JWTRequest = Spire_Api_Agent_Delegatedidentity_V1_FetchJWTSVIDsRequest
    private typealias BundlesRequest = Spire_Api_Agent_Delegatedidentity_V1_SubscribeToX509BundlesRequest
    private typealias JWTBundlesRequest = Spire_Api_Agent_Delegatedidentity_V1_SubscribeToJWTBundlesRequest

    @Test func aDelegateGetsTheIdentitiesOfOthersWhole() async throws {
        try await AdminFixture.with { admin in
            let fixture = admin.workloads
            try fixture.sync(
                try fixture.entry("delegate"),
                try fixture.entry("web", selectors: ["k8s:ns:shop"], hint: "h", federatesWith: ["beta.test"]),
                try fixture.entry("other", selectors: ["k8s:ns:bank"]))

            let answer = try await first(admin, AdminFixture.selectors("k8s:ns:shop", "k8s:sa:any"))

            #expect(answer.x509Svids.map(\.x509Svid.id.path) == ["/web"])
            #expect(answer.federatesWith == ["spiffe://beta.test"])
            let svid = try #require(answer.x509Svids.first)
            #expect(svid.x509Svid.hint == "h")
            let credential = try X509Credential(
                concatenatedDER: svid.x509Svid.certChain.flatMap { Array($0) }, privateKeyDER: Array(svid.x509SvidKey))
            #expect(credential.id.uri == "spiffe://alpha.test/web")
            #expect(Int64(credential.expiresAt.timeIntervalSince1970) == svid.x509Svid.expiresAt)
        }
    }

    @Test func aProcessStandsForItsSelectors() async throws {
        try await AdminFixture.with { admin in
            let fixture = admin.workloads
            try fixture.sync(try fixture.entry("delegate"), try fixture.entry("web", selectors: ["k8s:ns:shop"]))

            let answer = try await first(admin, .with { $0.pid = getpid() })

            #expect(answer.x509Svids.map(\.x509Svid.id.path) == ["/delegate"])
        }
    }

    @Test("identities that administer or sign are nobody's to hand on") func withholdsPowerfulIdentities() async throws
    {
        try await AdminFixture.with { admin in
            let fixture = admin.workloads
            let shop = ["k8s:ns:shop"]
            var (operate, sign) = (try fixture.entry("a", selectors: shop), try fixture.entry("b", selectors: shop))
            operate.isAdmin = true
            sign.isDownstream = true
            try fixture.sync(try fixture.entry("delegate"), operate, sign)

            let answer = try await first(admin, AdminFixture.selectors("k8s:ns:shop"))
            let tokens = JWTRequest.with {
                $0.selectors = [AdminFixture.selector("k8s:ns:shop")]
                $0.audience = ["a"]
            }

            #expect(answer.x509Svids.isEmpty)
            await refused(.permissionDenied, "no identity issued") { try await admin.delegated.fetchJWTSVIDs(tokens) }
        }
    }

    @Test func everyChangeComesWholeUntilTheDelegateIsNoneAnyMore() async throws {
        try await AdminFixture.with { admin in
            let fixture = admin.workloads
            let delegate = try fixture.entry("delegate")
            let web = try fixture.entry("web", selectors: ["k8s:ns:shop"])
            try fixture.sync(delegate, web)

            await refused(.permissionDenied, "caller not configured as an authorized delegate") {
                try await admin.delegated.subscribeToX509SVIDs(AdminFixture.selectors("k8s:ns:shop")) { response in
                    var messages = response.messages.makeAsyncIterator()
                    #expect(try await messages.next()?.x509Svids.count == 1)

                    try fixture.sync(delegate, web, try fixture.entry("api", selectors: ["k8s:ns:shop"]))
                    #expect(try await messages.next()?.x509Svids.map(\.x509Svid.id.path) == ["/api", "/web"])

                    try fixture.sync(delegate)
                    #expect(try await messages.next()?.x509Svids.isEmpty == true)

                    try fixture.sync(try fixture.entry("somebody"), web)
                    _ = try await messages.next()
                }
            }
        }
    }

    @Test func whoIsNoDelegateIsRefusedEverything() async throws {
        try await AdminFixture.with { admin in
            let tokens = JWTRequest.with {
                $0.selectors = [AdminFixture.selector("k8s:ns:shop")]
                $0.audience = ["a"]
            }
            func everything(_ message: String) async {
                await refused(.permissionDenied, message) {
                    try await first(admin, AdminFixture.selectors("k8s:ns:shop"))
                }
                await refused(.permissionDenied, message) { try await admin.delegated.fetchJWTSVIDs(tokens) }
                await refused(.permissionDenied, message) {
                    try await admin.delegated.subscribeToX509Bundles(BundlesRequest()) {
                        _ = try await $0.messages.first { _ in true }
                    }
                }
                await refused(.permissionDenied, message) {
                    try await admin.delegated.subscribeToJWTBundles(JWTBundlesRequest()) {
                        _ = try await $0.messages.first { _ in true }
                    }
                }
            }
            let fixture = admin.workloads
            let web = try fixture.entry("web", selectors: ["k8s:ns:shop"])
            try fixture.sync(web)
            await everything("no identity issued")

            try fixture.sync(web, try fixture.entry("somebody"))
            await everything("caller not configured as an authorized delegate")
        }
    }

    @Test(
        "a workload is named by its selectors or by its process, and rightly",
        arguments: [
            (["k8s:ns:a"], Int32(1), "must provide either selectors or non-zero PID, but not both"),
            ([], 0, "must provide either selectors or non-zero PID, but not both"),
            (["k8s:"], 0, "could not parse provided selectors"),
        ])
    func saysWhichWorkloadsCannotBe(selectors: [String], processID: Int32, message: String) async throws {
        try await AdminFixture.with { admin in
            try admin.workloads.sync(try admin.workloads.entry("delegate"))
            let named = selectors.map { text in
                text == "k8s:" ? Spire_Api_Types_Selector.with { $0.type = "k8s" } : AdminFixture.selector(text)
            }
            await refused(.invalidArgument, message) {
                try await first(
                    admin,
                    .with {
                        $0.selectors = named
                        $0.pid = processID
                    })
            }
            await refused(.invalidArgument, message) {
                try await admin.delegated.fetchJWTSVIDs(
                    .with {
                        $0.selectors = named
                        $0.pid = processID
                        $0.audience = ["a"]
                    })
            }
        }
    }

    @Test func aProcessThatIsGoneIsNobody() async throws {
        try await AdminFixture.with { admin in
            try admin.workloads.sync(try admin.workloads.entry("delegate"))
            await refused(.unavailable, "workload attestation failed") {
                // Beyond what the kernel numbers processes with.
                try await first(admin, .with { $0.pid = Int32.max })
            }
        }
    }

    @Test func tokensComeForEachIdentity() async throws {
        try await AdminFixture.with { admin in
            let fixture = admin.workloads
            try fixture.sync(
                try fixture.entry("delegate"), try fixture.entry("a", selectors: ["k8s:ns:shop"], hint: "x"),
                try fixture.entry("b", selectors: ["k8s:ns:shop"]))
            var request = JWTRequest.with { $0.selectors = [AdminFixture.selector("k8s:ns:shop")] }
            await refused(.invalidArgument, "audience must be specified") { [request] in
                try await admin.delegated.fetchJWTSVIDs(request)
            }
            request.audience = ["here"]

            let svids = try await admin.delegated.fetchJWTSVIDs(request).svids

            #expect(svids.map(\.id.path) == ["/a", "/b"])
            #expect(svids.map(\.hint) == ["x", ""])
            for svid in svids {
                let token = try UnverifiedJWTSVID(token: svid.token)
                #expect(token.id.path == svid.id.path)
                #expect(svid.expiresAt > svid.issuedAt)
            }
        }
    }

    @Test func bundlesOfAllTrustDomainsComeAndGo() async throws {
        try await AdminFixture.with { admin in
            let fixture = admin.workloads
            let delegate = try fixture.entry("delegate")
            let beta = try TestCA("beta.test").bundle
            try fixture.sync(delegate, foreign: [beta])
            let (own, foreign) = ("spiffe://alpha.test", "spiffe://beta.test")

            try await admin.delegated.subscribeToX509Bundles(BundlesRequest()) { response in
                var messages = response.messages.makeAsyncIterator()
                let both = try await messages.next()?.caCertificates
                let roots = [Data(try fixture.ca.root.derBytes), Data(beta.x509Authorities[0].derBytes)]
                #expect(both == [own: roots[0], foreign: roots[1]])
                try fixture.sync(delegate)
                #expect(try await messages.next()?.caCertificates.keys.sorted() == [own])
            }
            try await admin.delegated.subscribeToJWTBundles(JWTBundlesRequest()) { response in
                var messages = response.messages.makeAsyncIterator()
                #expect(try await messages.next()?.bundles == [own: Data(try fixture.bundle.jwtKeySet())])
                try fixture.sync(delegate, foreign: [beta])
                #expect(try await messages.next()?.bundles.keys.sorted() == [own, foreign])
            }
        }
    }

    // MARK: - Private

    private func first(
        _ admin: AdminFixture, _ request: Spire_Api_Agent_Delegatedidentity_V1_SubscribeToX509SVIDsRequest
    ) async throws -> Spire_Api_Agent_Delegatedidentity_V1_SubscribeToX509SVIDsResponse {
        try await admin.delegated.subscribeToX509SVIDs(request) {
            try #require(try await $0.messages.first { _ in true })
        }
    }

    private func refused<Answer>(
        _ code: RPCError.Code, _ message: String, _ call: () async throws -> Answer
    ) async {
        do {
            _ = try await call()
            Issue.record("was not refused: \(message)")
        } catch {
            #expect((error as? RPCError)?.code == code)
            #expect((error as? RPCError)?.message.hasPrefix(message) == true, "\(error)")
        }
    }
}
