// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import FoundationEssentials
import Testing

@Suite struct LeaseTests {
    private let now = Date(timeIntervalSince1970: 1000)

    @Test func whoeverComesFirstHasIt() {
        let lease = Lease.claimed(nil, by: "a", for: 30, at: now)
        #expect(lease == Lease(holder: "a", expiresAt: now.addingTimeInterval(30)))
        #expect(Lease.claimed(lease, by: "b", for: 30, at: now.addingTimeInterval(29)) == nil)
    }

    @Test func whoeverHasItKeepsItByClaimingAgain() {
        let lease = Lease(holder: "a", expiresAt: now)
        #expect(Lease.claimed(lease, by: "a", for: 30, at: now)?.expiresAt == now.addingTimeInterval(30))
    }

    @Test func oneThatHasEndedIsAnybodys() {
        let lease = Lease(holder: "a", expiresAt: now)
        #expect(Lease.claimed(lease, by: "b", for: 30, at: now)?.holder == "b")
        #expect(Lease.claimed(lease, by: "b", for: 30, at: now.addingTimeInterval(-0.001)) == nil)
    }
}
