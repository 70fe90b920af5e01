// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

@testable import ComityServer

@Suite struct RateLimitsTests {
    private static let attest = "/spire.api.server.agent.v1.Agent/AttestAgent"

    @Test(arguments: [
        (attest, 1), ("/spire.api.server.agent.v1.Agent/RenewAgent", 500),
        ("/spire.api.server.svid.v1.SVID/BatchNewX509SVID", 500), ("/spire.api.server.svid.v1.SVID/NewJWTSVID", 500),
        ("/spire.api.server.svid.v1.SVID/NewDownstreamX509CA", 500),
        ("/spire.api.server.svid.v1.SVID/BatchNewWITSVID", 500),
        ("/spire.api.server.bundle.v1.Bundle/PublishJWTAuthority", 500),
        ("/spire.api.server.agent.v1.Agent/PostStatus", 10), ("/spire.api.server.entry.v1.Entry/ListEntries", nil),
    ])
    func limitsAsSPIREDoes(method: String, rate: Int?) {
        #expect(RateLimits.standard(attestation: true, signing: true).rate(of: method) == rate)
    }

    @Test func switchesTurnOffWhatTheyNameOnly() {
        let limits = RateLimits.standard(attestation: false, signing: false)
        #expect(limits.rate(of: Self.attest) == nil)
        #expect(limits.rate(of: "/spire.api.server.svid.v1.SVID/NewJWTSVID") == nil)
        #expect(limits.rate(of: "/spire.api.server.bundle.v1.Bundle/PublishJWTAuthority") == 500)
        #expect(limits.rate(of: "/spire.api.server.agent.v1.Agent/PostStatus") == 10)
    }

    @Test func countsEachAddressAndMethodByItselfAndLocalCallersNotAtAll() {
        var limits = RateLimits(rates: ["/a": 1, "/b": 1])
        #expect(limits.take(1, for: "/a", from: "192.0.2.1", now: TestTime.now) == .proceed(after: 0))
        #expect(limits.take(1, for: "/a", from: "192.0.2.1", now: TestTime.now) == .proceed(after: 1))
        #expect(limits.take(1, for: "/a", from: "192.0.2.2", now: TestTime.now) == .proceed(after: 0))
        #expect(limits.take(1, for: "/b", from: "192.0.2.1", now: TestTime.now) == .proceed(after: 0))
        #expect(limits.take(9, for: "/a", from: nil, now: TestTime.now) == .proceed(after: 0))
    }

    @Test func saysWhatIsTooMuch() {
        var limits = RateLimits(rates: ["/a": 500])
        let answer = limits.take(501, for: "/a", from: "192.0.2.1", now: TestTime.now)
        #expect(answer == .refuse("rate (501) exceeds burst size (500)"))
    }

    @Test func aFloodOfAddressesFillsNoMemoryAndPasses() {
        var limits = RateLimits(rates: ["/a": 1])
        for number in 0..<RateLimits.maximumBuckets {
            _ = limits.take(1, for: "/a", from: "flood-\(number)", now: TestTime.now)
        }
        guard case .refuse = limits.take(1, for: "/a", from: "late", now: TestTime.now) else {
            Issue.record("one caller more than is remembered was let in")
            return
        }
        #expect(limits.take(1, for: "/a", from: "late", now: TestTime.now + 61) == .proceed(after: 0))
    }
}
