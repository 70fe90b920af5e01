// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityRegistry
import ComityTesting
import ComityWorkloads
import FoundationEssentials
import GRPCCore
import SPIFFE
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct JWTSVIDSourceTests {
    /// A server whose answers wait until it is told to give them.
    private final class SlowSigner: Sendable {
        let signatures = Mutex(0)
        let cancellations = Mutex(0)
        private let gate: AsyncStream<Never>
        private let opener: AsyncStream<Never>.Continuation

        init() {
            (gate, opener) = AsyncStream.makeStream()
        }

        func answer() { opener.finish() }

        func sign(_ id: SPIFFEID) async throws -> JWTSVIDCache.Token {
            let count = signatures.withLock { count in
                count += 1
                return count
            }
            // Ends when the gate is open, for every one who waits, or by cancellation.
            for await _ in gate {}
            if Task.isCancelled {
                cancellations.withLock { $0 += 1 }
                throw CancellationError()
            }
            return JWTSVIDCache.Token(
                spiffeID: id, token: "token \(count)", issuedAt: TestTime.now, expiresAt: TestTime.now + 300)
        }
    }

    private let signer = SlowSigner()
    private let source: JWTSVIDSource
    private let entry: Entry

    init() throws {
        let id = try SPIFFEID("spiffe://alpha.test/web")
        entry = Entry(
            id: "web", spiffeID: id, parentID: try SPIFFEID("spiffe://alpha.test/node"),
            selectors: [try Selector("unix:uid:1")])
        source = JWTSVIDSource(logger: RecordedLog().logger(), now: { TestTime.now }) { [signer] _, _ in
            try await signer.sign(id)
        }
    }

    private func waitForCallers(_ count: Int) async {
        while source.callerCount(for: entry, audience: ["x"]) != count { await Task.yield() }
    }

    @Test func callersAtTheSameTimeShareOneSignature() async throws {
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<100 {
                group.addTask { try await source.token(for: entry, audience: ["x"]).token }
            }
            await waitForCallers(100)
            signer.answer()
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(tokens == ["token 1"])
        #expect(signer.signatures.withLock { $0 } == 1)
        _ = try await source.token(for: entry, audience: ["y"])
        #expect(signer.signatures.withLock { $0 } == 2)
    }

    @Test func callerThatLeavesTakesNobodyAlong() async throws {
        try await withThrowingTaskGroup(of: String.self) { group in
            let leaver = Task { try await source.token(for: entry, audience: ["x"]).token }
            await waitForCallers(1)
            group.addTask { try await source.token(for: entry, audience: ["x"]).token }
            await waitForCallers(2)
            leaver.cancel()
            await #expect(throws: RPCError.self) { try await leaver.value }
            signer.answer()
            let token = try await group.next()
            #expect(token == "token 1")
        }
        #expect(signer.cancellations.withLock { $0 } == 0)
    }

    @Test func lastCallerThatLeavesCallsTheFetchOff() async throws {
        let leaver = Task { try await source.token(for: entry, audience: ["x"]).token }
        await waitForCallers(1)
        leaver.cancel()
        await #expect(throws: RPCError.self) { try await leaver.value }
        while signer.cancellations.withLock({ $0 }) == 0 { await Task.yield() }
        // The next caller begins anew.
        signer.answer()
        #expect(try await source.token(for: entry, audience: ["x"]).token == "token 2")
    }

    @Test func tokensWithAnIDOfTheirOwnAreNeverShared() async throws {
        var entry = entry
        entry.includesJTIInJWTSVID = true
        signer.answer()
        let first = try await source.token(for: entry, audience: ["x"]).token
        let second = try await source.token(for: entry, audience: ["x"]).token
        #expect(first != second)
    }
}
