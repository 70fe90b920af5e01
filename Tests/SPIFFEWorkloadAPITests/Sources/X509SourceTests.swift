// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FoundationEssentials
import GRPCCore
import SPIFFE
import Testing
import WorkloadAPIProtos

@testable import SPIFFEWorkloadAPI

@Suite(.timeLimit(.minutes(1))) struct X509SourceTests {
    private let ca: TestCA
    private let other: TestCA

    init() throws {
        ca = try TestCA("example.org")
        other = try TestCA("partner.test")
    }

    private func message(_ path: String, federated: [SPIFFEBundle] = []) throws -> Workload_X509SVIDResponse {
        .of(try .of(ca.leaf(path), bundle: ca.bundle), federated: federated)
    }

    /// Runs a source against a fake agent.
    private func withSource(
        _ body: (FakeWorkloadAPI, X509Source, inout StateUpdates<X509Context>.Iterator) async throws -> Void
    ) async throws {
        try await FakeWorkloadAPI().serving { agent in
            let source = X509Source(client: try agent.client)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await source.run() }
                defer { group.cancelAll() }
                var updates = source.updates.makeAsyncIterator()
                try await body(agent, source, &updates)
            }
        }
    }

    @Test func hasThePresentStateFirst() async throws {
        try await withSource { agent, source, updates in
            agent.x509.send(try message("/web"))
            try await source.ready()
            #expect(try source.credential.id.path == "/web")
            var late = source.updates.makeAsyncIterator()
            #expect(try await late.next()?.defaultCredential?.id.path == "/web")
            agent.x509.send(try message("/next"))
            #expect(try await late.next()?.defaultCredential?.id.path == "/next")
            #expect(try source.credential.id.path == "/next")
        }
    }

    @Test("WAPI-06: opens a closed stream again")
    func reopens() async throws {
        try await withSource { agent, source, updates in
            agent.x509.send(try message("/web"))
            _ = try await updates.next()
            for path in ["/second", "/third"] {
                agent.x509.drop()
                agent.x509.send(try message(path))
                while try await updates.next()?.defaultCredential?.id.path != path {}
                #expect(try source.credential.id.path == path)
            }
        }
    }

    @Test("WEP-17: connects to an agent that comes late, and keeps its material while the agent is away")
    func outlastsTheAgent() async throws {
        let agent = try FakeWorkloadAPI()
        let source = X509Source(client: try agent.client)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await source.run() }
            defer { group.cancelAll() }
            agent.x509.send(try message("/web"))
            try await agent.serving { _ in try await source.ready() }
            #expect(try source.credential.id.path == "/web")
            var updates = source.updates.makeAsyncIterator()
            _ = try await updates.next()
            agent.x509.send(try message("/next"))
            try await agent.serving { _ in
                let context = try await updates.next()
                #expect(context?.defaultCredential?.id.path == "/next")
            }
        }
    }

    @Test("WEP-18, WAPI-27: drops its material when denied and takes what comes later")
    func dropsWhenDenied() async throws {
        try await withSource { agent, source, updates in
            agent.x509.send(try message("/web"))
            _ = try await updates.next()
            agent.x509.refuse(.permissionDenied, "no identity issued")
            #expect(try await updates.next() == X509Context())
            let error = #expect(throws: WorkloadAPIError.self) { try source.credential }
            #expect(error?.code == .permissionDenied || error?.code == .noIdentity)
            #expect(source.bundles == BundleSet())
            agent.x509.send(try message("/back"))
            while try await updates.next()?.defaultCredential?.id.path != "/back" {}
            #expect(try source.credential.id.path == "/back")
        }
    }

    @Test("WAPI-11, WAPI-12: a bundle that a message leaves out is gone, and its SVIDs are refused")
    func forgetsRedactedBundles() async throws {
        try await withSource { agent, source, updates in
            let peer = try other.leaf("/peer").unverified()
            agent.x509.send(try message("/web", federated: [try other.bundle]))
            _ = try await updates.next()
            #expect(try peer.verified(by: source.bundles, at: TestTime.now).id.path == "/peer")
            agent.x509.send(try message("/web"))
            _ = try await updates.next()
            #expect(throws: SPIFFEError(.noBundle, "")) { try peer.verified(by: source.bundles, at: TestTime.now) }
        }
    }

    @Test("WAPI-12: an identity that a message leaves out is gone")
    func forgetsRedactedIdentities() async throws {
        try await withSource { agent, source, updates in
            agent.x509.send(
                .of(
                    try .of(ca.leaf("/a"), bundle: ca.bundle),
                    try .of(ca.leaf("/b"), bundle: ca.bundle, hint: "b")))
            #expect(try await updates.next()?.credential(hint: "b")?.id.path == "/b")
            agent.x509.send(try message("/a"))
            let next = try await updates.next()
            #expect(next?.credentials.map(\.id.path) == ["/a"])
            #expect(source.context?.credential(hint: "b") == nil)
        }
    }

    @Test("WAPI-16: its bundles are no source of JWT keys")
    func hasNoJWTKeys() async throws {
        try await withSource { agent, source, updates in
            agent.x509.send(try message("/web", federated: [try other.bundle]))
            _ = try await updates.next()
            let authorities = source.bundles.trustDomains.compactMap { source.bundles[$0]?.jwtAuthorities.count }
            #expect(authorities == [0, 0])
        }
    }

    @Test func refusesToPresentAnEndedIdentity() async throws {
        try await withSource { agent, source, updates in
            agent.x509.send(try message("/web"))
            _ = try await updates.next()
            #expect(try source.credential(at: TestTime.now).id.path == "/web")
            #expect(throws: WorkloadAPIError(.expired, "")) { try source.credential(at: TestTime.future) }
        }
    }

    @Test func picksAnIdentity() async throws {
        try await FakeWorkloadAPI().serving { agent in
            agent.x509.send(
                .of(
                    try .of(ca.leaf("/a"), bundle: ca.bundle), try .of(ca.leaf("/b"), bundle: ca.bundle, hint: "b")))
            let source = X509Source(client: try agent.client) { $0.credential(hint: "b") }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await source.run() }
                defer { group.cancelAll() }
                try await source.ready()
                #expect(try source.credential.id.path == "/b")
            }
        }
    }

    @Test func tellsThatNothingCameYet() throws {
        let source = X509Source(client: WorkloadAPIClient(address: try WorkloadAPIAddress("unix:///run/none.sock")))
        #expect(throws: WorkloadAPIError(.notReady, "")) { try source.credential }
        #expect(source.context == nil)
    }

    @Test("WEP-16: ends with the refusal, and so does who waits for it")
    func endsWithRefusal() async throws {
        try await FakeWorkloadAPI().serving { agent in
            agent.x509.refuse(.invalidArgument, "security header missing from request")
            let source = X509Source(client: try agent.client)
            async let ready: Void = source.ready()
            await #expect(throws: WorkloadAPIError(.invalidArgument, "")) { try await source.run() }
            do {
                try await ready
                Issue.record("source was ready")
            } catch {
                #expect(error as? WorkloadAPIError == WorkloadAPIError(.invalidArgument, ""))
            }
            #expect(agent.calls.count == 1)
        }
    }
}
