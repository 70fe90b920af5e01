// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityRegistry
import ComityTesting
import ComityTransport
import Foundation
import GRPCCore
import Synchronization
import Testing

@Suite struct WorkloadRateLimiterTests {
    private let limiter: WorkloadRateLimiter
    private let web: Set<Selector>
    private let other: Set<Selector>
    private let peer = LocalPeer(pid: 1, uid: 0, gid: 0, pidfd: -1, isPinnedByKernel: false)

    init() throws {
        limiter = WorkloadRateLimiter(rates: ["FetchJWTSVID": 2], now: { TestTime.now })
        web = [try Selector("unix:uid:1")]
        other = [try Selector("unix:uid:2")]
    }

    @Test func eachKindOfWorkloadHasItsOwnRate() throws {
        for selectors in [web, other, web, other] { try limiter.count("FetchJWTSVID", by: peer, selectors) }
        let error = #expect(throws: RPCError.self) { try limiter.count("FetchJWTSVID", by: peer, web) }
        #expect(error?.code == .unavailable)
        #expect(error?.message == "rate limit exceeded for FetchJWTSVID")
    }

    @Test func methodsWithoutARateAndTheAgentItselfAreNotLimited() throws {
        let own = LocalPeer(pid: getpid(), uid: 0, gid: 0, pidfd: -1, isPinnedByKernel: false)
        for _ in 0..<10 {
            try limiter.count("FetchX509SVID", by: peer, web)
            try limiter.count("FetchJWTSVID", by: own, web)
        }
    }
}
