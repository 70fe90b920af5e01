// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

@Suite struct BundleRecordUpstreamTests {
    private let roots: [X509Authority]
    private let keys: [JWTAuthority]
    private let trustDomain: TrustDomain

    init() throws {
        roots = try (0..<3).map { _ in try TestCA("example.org").bundle.x509Authorities[0] }
        keys = try ["a", "b"].map { try TestJWTKey(keyID: $0).authority }
        trustDomain = try TrustDomain("example.org")
    }

    private func record(_ roots: [X509Authority], _ keys: [JWTAuthority] = [], sequence: UInt64 = 5) -> BundleRecord {
        BundleRecord(
            SPIFFEBundle(
                trustDomain: trustDomain, x509Authorities: roots, jwtAuthorities: keys, sequenceNumber: sequence))
    }

    @Test func addsWhatIsNewAndCountsOnce() throws {
        var own = record([roots[0]], [keys[0]])
        var above = record([roots[0], roots[1]], keys, sequence: 99)
        above.jwtExpirations["b"] = TestTime.now
        try above.taint(roots[0])
        let news = try own.follow(upstream: above)
        #expect(own.bundle.x509Authorities == [roots[0], roots[1]])
        #expect(own.bundle.jwtAuthorities == keys)
        #expect(own.jwtExpirations == ["b": TestTime.now])
        #expect(news == .init(tainted: [roots[0]]))
        #expect(own.taintedX509Authorities == [roots[0]])
        #expect(own.bundle.sequenceNumber == 6)
        let again = try own.follow(upstream: above)
        #expect(again == .init())
        #expect(own.bundle.sequenceNumber == 6)
    }

    @Test("what is gone above stays, unless it was tainted: then it is revoked") func revokesOnlyTainted() throws {
        var own = record(roots, keys)
        try own.taint(roots[0])
        try own.taintJWTAuthority(keyID: "a")
        let news = try own.follow(upstream: record([roots[1]], [keys[1]]))
        #expect(news == .init(revoked: [roots[0]]))
        #expect(own.bundle.x509Authorities == [roots[1], roots[2]])
        #expect(own.bundle.jwtAuthorities == [keys[1]])
        #expect(own.taintedX509Authorities.isEmpty && own.taintedJWTKeyIDs.isEmpty)
    }

    @Test("an answer without authorities revokes nothing") func ignoresNothing() throws {
        var own = record([roots[0]], keys)
        try own.taint(roots[0])
        try own.taintJWTAuthority(keyID: "a")
        let before = own
        let none = try own.follow(upstream: record([]))
        #expect(none == .init())
        #expect(own == before)
    }
}
