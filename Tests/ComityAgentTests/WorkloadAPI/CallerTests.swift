// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityAttestation
import ComityAttestors
import ComityRegistry
import Foundation
import GRPCCore
import SPIFFE
import SwiftProtobuf
import Synchronization
import Testing
import WorkloadAPIProtos

/// Who may call and how he is known (Workload Endpoint §3, §5).
@Suite(.timeLimit(.minutes(1))) struct CallerTests {
    /// Counts whom it was asked about, and proves nothing of him.
    private final class CountingAttestor: WorkloadAttestor {
        let name = "counting"
        private let asked = Atomic(0)

        var count: Int { asked.load(ordering: .relaxed) }

        func attest(_ process: WorkloadProcess) async throws -> Set<Selector> {
            asked.add(1, ordering: .relaxed)
            return []
        }
    }

    private let request = Workload_JWTSVIDRequest.with { $0.audience = ["a"] }

    @Test("WEP-08, WEP-13: plain HTTP/2 without certificate or token is served")
    func servesPlainHTTP2() async throws {
        try await WorkloadAPIFixture.with { fixture in
            try fixture.sync(try fixture.entry("a"))
            let call = ForeignCall(socketPath: fixture.socketPath)

            let answer: Workload_JWTSVIDResponse = try await call.call("SpiffeWorkloadAPI/FetchJWTSVID", request)

            #expect(answer.svids.map(\.spiffeID) == ["spiffe://alpha.test/a"])
            let token = try #require(answer.svids.first?.svid)
            #expect(try UnverifiedJWTSVID(token: token).id.path == "/a")
            await #expect(throws: ForeignCall.Failure.self) {
                let _: Workload_JWTSVIDResponse = try await call.call(
                    "SpiffeWorkloadAPI/FetchJWTSVID", request, header: "workload.spiffe.io: 1")
            }
        }
    }

    @Test("WAPI-05: two workloads on one socket get their own identities only")
    func tellsCallersApart() async throws {
        let attestor = UnixWorkloadAttestor(options: .init(discoversPath: true, sizeLimit: -1))
        try await WorkloadAPIFixture.with(settings: { $0.workloadAttestors = [attestor] }) { fixture in
            let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            let foreign = try await ForeignCall.executable
            try fixture.sync(
                try fixture.entry("own", selectors: ["unix:path:\(own)"]),
                try fixture.entry("foreign", selectors: ["unix:path:\(foreign)"]))

            let here = try await fixture.api.fetchJWTSVID(request, metadata: WorkloadAPIFixture.header)
            let there: Workload_JWTSVIDResponse = try await ForeignCall(socketPath: fixture.socketPath)
                .call("SpiffeWorkloadAPI/FetchJWTSVID", request)

            #expect(here.svids.map(\.spiffeID) == ["spiffe://alpha.test/own"])
            #expect(there.svids.map(\.spiffeID) == ["spiffe://alpha.test/foreign"])
        }
    }

    @Test("WEP-07: header, then profile, then fields are checked before the caller is looked at (D-33)")
    func checksTheCallerLast() async throws {
        let attestor = CountingAttestor()
        try await WorkloadAPIFixture.with(settings: { $0.workloadAttestors = [attestor] }) { fixture in
            func code(_ metadata: Metadata, _ call: WorkloadEndpointTests.Method) async -> RPCError.Code? {
                await #expect(throws: RPCError.self) { try await call.call(fixture.api, metadata) }?.code
            }
            for method in WorkloadEndpointTests.Method.allCases {
                #expect(await code([:], method) == .invalidArgument)
            }
            for method in [WorkloadEndpointTests.Method.fetchWITSVID, .fetchWITBundles] {
                #expect(await code(WorkloadAPIFixture.header, method) == .unimplemented)
            }
            let empty = await #expect(throws: RPCError.self) {
                try await fixture.api.fetchJWTSVID(.init(), metadata: WorkloadAPIFixture.header)
            }
            #expect(empty?.code == .invalidArgument)
            #expect(attestor.count == 0)

            #expect(await code(WorkloadAPIFixture.header, .fetchJWTSVID) == .permissionDenied)
            #expect(attestor.count == 1)
        }
    }
}
