// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityRegistry
import ComityTesting
import ComityWorkloads
import Foundation
import GRPCCore
import Logging
import SPIFFE
import Testing
import WorkloadAPIProtos

@Suite(.timeLimit(.minutes(1))) struct X509ProfileTests {
    @Test("WAPI-17, WAPI-18: each identity comes whole, in the order of entries")
    func sendsEachIdentityWhole() async throws {
        try await WorkloadAPIFixture.with { fixture in
            try fixture.sync(try fixture.entry("b"), try fixture.entry("a", hint: "first"))

            let response = try await firstSVIDs(fixture)

            #expect(response.svids.map(\.spiffeID) == ["spiffe://alpha.test/a", "spiffe://alpha.test/b"])
            #expect(response.svids.map(\.hint) == ["first", ""])
            for svid in response.svids {
                // Leaf and intermediate; the key is the leaf's, and both verify by the bundle sent along.
                let credential = try X509Credential(
                    concatenatedDER: Array(svid.x509Svid), privateKeyDER: Array(svid.x509SvidKey))
                #expect(credential.id.uri == svid.spiffeID)
                #expect(credential.certificates.count == 2)
                let authority = try X509Authority(derBytes: Array(svid.bundle))
                #expect(authority.certificate == fixture.ca.root)
            }
            #expect(response.crl.isEmpty)
            #expect(response.federatedBundles.isEmpty)
        }
    }

    @Test("WAPI-22, S35: foreign bundles come under the ID of their trust domain, to those who federate only")
    func sendsForeignBundles() async throws {
        try await WorkloadAPIFixture.with { fixture in
            let beta = try TestCA("beta.test")
            let gamma = try TestCA("gamma.test").bundle
            try fixture.sync(
                try fixture.entry("a", federatesWith: ["beta.test", "missing.test"]),
                foreign: [try beta.bundle, gamma])

            let svids = try await firstSVIDs(fixture)
            let bundles = try await firstBundles(fixture)

            let root = Data(try beta.root.derBytes)
            #expect(svids.federatedBundles == ["spiffe://beta.test": root])
            #expect(Set(bundles.bundles.keys) == ["spiffe://alpha.test", "spiffe://beta.test"])
            let ownRoot = Data(try fixture.ca.root.derBytes)
            #expect(bundles.bundles["spiffe://alpha.test"] == ownRoot)
        }
    }

    @Test func clientThatLeavesIsNoFailureOfTheAgent() async throws {
        let log = RecordedLog()
        try await WorkloadAPIFixture.with(log: log) { fixture in
            try fixture.sync(try fixture.entry("a"))
            _ = try await firstSVIDs(fixture)
            while fixture.store.subscriberCount > 0 { await Task.yield() }
        }
        let end = try #require(log.lines("RPC finished").first)
        #expect(end.metadata["status"] == "Canceled")
        #expect(end.metadata["service"] == "WorkloadAPI")
        #expect(end.metadata["method"] == "FetchX509SVID")
        #expect(end.metadata["subsystem_name"] == "endpoints")
        #expect(end.metadata["pid"] == "\(getpid())")
        #expect(!log.lines.contains { $0.level >= .warning })
    }

    @Test("WAPI-07, WAPI-09: a message after each change and only then, each complete")
    func sendsAfterEachChange() async throws {
        try await WorkloadAPIFixture.with { fixture in
            let (a, b) = (try fixture.entry("a"), try fixture.entry("b"))
            try fixture.sync(a, b)
            try await fixture.api.fetchX509SVID(.init(), metadata: WorkloadAPIFixture.header) { response in
                var messages = response.messages.makeAsyncIterator()
                let first = try #require(try await messages.next())

                // Nothing new to this workload: another's entry, and the same again.
                try fixture.sync(a, b, try fixture.entry("c", selectors: ["unix:uid:4000000000"]))
                try fixture.sync(a, b)
                let rotated = try fixture.svid(of: b)
                fixture.store.signed([(entry: b, svid: rotated)])
                let second = try #require(try await messages.next())

                #expect(second.svids.count == 2)
                #expect(second.svids[0] == first.svids[0])
                #expect(second.svids[1].x509Svid == Data(rotated.certificateChain.joined()))
                #expect(second.svids[1].x509Svid != first.svids[1].x509Svid)
            }
        }
    }

    @Test("FED-40, S15: a refreshed foreign bundle reaches an open stream, and its redaction too")
    func sendsRefreshedForeignBundle() async throws {
        try await WorkloadAPIFixture.with { fixture in
            let entry = try fixture.entry("a", federatesWith: ["beta.test"])
            let (old, new) = (try TestCA("beta.test"), try TestCA("beta.test"))
            try fixture.sync(entry, foreign: [try old.bundle])
            try await fixture.api.fetchX509SVID(.init(), metadata: WorkloadAPIFixture.header) { response in
                var messages = response.messages.makeAsyncIterator()
                var seen = [try await messages.next()?.federatedBundles]
                try fixture.sync(entry, foreign: [try new.bundle])
                seen.append(try await messages.next()?.federatedBundles)
                try fixture.sync(entry)
                seen.append(try await messages.next()?.federatedBundles)

                let (before, after) = (Data(try old.root.derBytes), Data(try new.root.derBytes))
                #expect(seen == [["spiffe://beta.test": before], ["spiffe://beta.test": after], [:]])
            }
        }
    }

    @Test("WAPI-08: an open stream waits for the first signature and gets it at once")
    func waitsForTheFirstSignature() async throws {
        try await WorkloadAPIFixture.with { fixture in
            try fixture.sync(try fixture.entry("a"), sign: false)
            try await fixture.api.fetchX509SVID(.init(), metadata: WorkloadAPIFixture.header) { response in
                try fixture.signAll()
                var messages = response.messages.makeAsyncIterator()
                #expect(try await messages.next()?.svids.count == 1)
            }
        }
    }

    @Test("WAPI-26, WAPI-27: losing the last identity ends the stream as not permitted")
    func endsWhenIdentityIsLost() async throws {
        try await WorkloadAPIFixture.with { fixture in
            try fixture.sync(try fixture.entry("a"))
            let error = await #expect(throws: RPCError.self) {
                try await fixture.api.fetchX509SVID(.init(), metadata: WorkloadAPIFixture.header) { response in
                    var messages = response.messages.makeAsyncIterator()
                    #expect(try await messages.next()?.svids.count == 1)
                    try fixture.sync()
                    _ = try await messages.next()
                }
            }
            #expect(error?.code == .permissionDenied)
            #expect(error?.message == "no identity issued")
        }
    }

    @Test("WAPI-24: of two identities with one hint the older is delivered (D-29)")
    func deliversOneOfEqualHints() async throws {
        try await WorkloadAPIFixture.with { fixture in
            try fixture.sync(
                try fixture.entry("a", hint: "x", createdAt: 2), try fixture.entry("b", hint: "x", createdAt: 1),
                try fixture.entry("c", hint: "y", createdAt: 3))

            #expect(
                try await firstSVIDs(fixture).svids.map(\.spiffeID) == [
                    "spiffe://alpha.test/b", "spiffe://alpha.test/c",
                ])
        }
    }

    @Test("WAPI-28: the own trust domain is always among the bundles; verifiers without identity get it alone (D-30)")
    func sendsOwnBundleToUnauthenticatedVerifiers() async throws {
        try await WorkloadAPIFixture.with(settings: { $0.allowsUnauthenticatedVerifiers = true }) { fixture in
            try fixture.sync(
                try fixture.entry("a", selectors: ["unix:uid:4000000000"], federatesWith: ["beta.test"]),
                foreign: [try TestCA("beta.test").bundle])

            #expect(Set(try await firstBundles(fixture).bundles.keys) == ["spiffe://alpha.test"])
        }
    }

    @Test func streamThatIsGivenUpLeavesNothingBehind() async throws {
        try await WorkloadAPIFixture.with { fixture in
            try fixture.sync(try fixture.entry("a"))
            for _ in 0..<20 { _ = try await firstSVIDs(fixture) }

            // The server hears of the cancellation a moment later.
            while fixture.store.subscriberCount > 0 { await Task.yield() }
        }
    }

    private func firstSVIDs(_ fixture: WorkloadAPIFixture) async throws -> Workload_X509SVIDResponse {
        try await fixture.api.fetchX509SVID(.init(), metadata: WorkloadAPIFixture.header) { response in
            for try await message in response.messages { return message }
            throw RPCError(code: .unknown, message: "no message")
        }
    }

    private func firstBundles(_ fixture: WorkloadAPIFixture) async throws -> Workload_X509BundlesResponse {
        try await fixture.api.fetchX509Bundles(.init(), metadata: WorkloadAPIFixture.header) { response in
            for try await message in response.messages { return message }
            throw RPCError(code: .unknown, message: "no message")
        }
    }
}
