// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import ComityWorkloads
import SPIFFE
import Testing

@Suite struct AuthorityTrustTests {
    private let roots: [X509Authority]
    private let keys: [JWTAuthority]
    private var trust = AuthorityTrust()

    init() throws {
        roots = try (0..<2).map { _ in try TestCA("alpha.test").bundle.x509Authorities[0] }
        keys = [try TestJWTKey(keyID: "one").authority, try TestJWTKey(keyID: "two").authority]
    }

    private var record: BundleRecord {
        get throws {
            BundleRecord(
                SPIFFEBundle(
                    trustDomain: try TrustDomain("alpha.test"), x509Authorities: roots, jwtAuthorities: keys))
        }
    }

    @Test mutating func tellsEachLossOnce() throws {
        var record = try record
        #expect(trust.observe(record).isEmpty)
        try record.taint(roots[0])
        try record.taintJWTAuthority(keyID: "one")
        #expect(trust.observe(record) == .init(x509Authorities: [roots[0]], jwtKeyIDs: ["one"]))
        #expect(trust.observe(record).isEmpty)
        try record.revoke(roots[0])
        try record.revokeJWTAuthority(keyID: "one")
        #expect(trust.observe(record).isEmpty)
    }

    @Test("an authority that is revoked between two looks is lost, too") mutating func seesWhatIsGone() throws {
        var record = try record
        _ = trust.observe(record)
        record.bundle.x509Authorities.removeFirst()
        record.bundle.jwtAuthorities.removeFirst()
        #expect(trust.observe(record) == .init(x509Authorities: [roots[0]], jwtKeyIDs: ["one"]))
    }

    @Test("what is tainted at the first look is told: an agent may start with an SVID of it")
    mutating func beginsWithWhatIsTainted() throws {
        var record = try record
        try record.taint(roots[1])
        try record.taintJWTAuthority(keyID: "two")
        #expect(trust.observe(record) == .init(x509Authorities: [roots[1]], jwtKeyIDs: ["two"]))
    }
}
