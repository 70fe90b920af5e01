// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing

@Suite struct BundleRecordTests {
    private let trustDomain: TrustDomain

    init() throws {
        trustDomain = try TrustDomain("example.org")
    }

    private func certificate(until end: Date = TestTime.future) throws -> X509Authority {
        try X509Authority(try TestCA("example.org") { $0.notAfter = end }.root)
    }

    private func keys(_ ids: [String]) throws -> [JWTAuthority] {
        try SPIFFEBundle.fixture(of: trustDomain, keys: ids).jwtAuthorities
    }

    @Test func countsOnlyAppendsThatAddSomething() throws {
        var record = BundleRecord(SPIFFEBundle(trustDomain: trustDomain))
        let one = try certificate()
        var changed = try record.append(x509Authorities: [one, one])
        #expect(changed)
        #expect(record.bundle.x509Authorities == [one])
        #expect(record.bundle.sequenceNumber == 1)
        changed = try record.append(x509Authorities: [one])
        #expect(!changed)
        #expect(record.bundle.sequenceNumber == 1)
        changed = try record.append(
            x509Authorities: [one], jwtAuthorities: try keys(["a"]), jwtExpirations: ["a": TestTime.now])
        #expect(changed)
        #expect(record.bundle.sequenceNumber == 2)
        #expect(record.jwtExpirations == ["a": TestTime.now])
    }

    @Test("D-20: two keys under one ID are not published") func refusesAnotherKeyOfTheSameID() throws {
        var record = BundleRecord(SPIFFEBundle(trustDomain: trustDomain))
        try record.append(jwtAuthorities: try keys(["a"]))
        let before = record
        let impostor = JWTAuthority(keyID: "a", publicKey: try keys(["b"])[0].publicKey)
        #expect(throws: RegistryError(.invalidArgument, "")) {
            try record.append(x509Authorities: [try certificate()], jwtAuthorities: [impostor])
        }
        #expect(record == before)
        let both = [JWTAuthority(keyID: "c", publicKey: impostor.publicKey), try keys(["c"])[0]]
        #expect(throws: RegistryError(.invalidArgument, "")) { try record.append(jwtAuthorities: both) }
        #expect(record == before)
        // The same key twice counts once.
        let changed = try record.append(jwtAuthorities: try keys(["a", "d", "d"]))
        #expect(changed)
        #expect(record.bundle.jwtAuthorities == (try keys(["a", "d"])))
    }

    @Test func prunesWhatEnded() throws {
        let (old, new) = (try certificate(until: TestTime.now - 1), try certificate(until: TestTime.now))
        var record = BundleRecord(
            SPIFFEBundle(
                trustDomain: trustDomain, x509Authorities: [old, new],
                jwtAuthorities: try keys(["old", "endless", "new"]), sequenceNumber: 7))
        record.taintedX509Authorities = [old]
        record.taintedJWTKeyIDs = ["old"]
        record.jwtExpirations = ["old": TestTime.past, "new": TestTime.future]
        let pruned = try record.prune(expiredBefore: TestTime.now)
        #expect(pruned.x509Authorities == [old])
        #expect(pruned.jwtAuthorities == (try keys(["old", "endless"])))
        #expect(record.bundle.x509Authorities == [new])
        #expect(record.bundle.jwtAuthorities == (try keys(["new"])))
        #expect(record.bundle.sequenceNumber == 8)
        #expect(record.taintedX509Authorities.isEmpty)
        #expect(record.taintedJWTKeyIDs.isEmpty)
        #expect(record.jwtExpirations == ["new": TestTime.future])
        let settled = record
        let prunedAgain = try record.prune(expiredBefore: TestTime.now)
        #expect(prunedAgain.isEmpty)
        #expect(record == settled)
    }

    @Test func keepsTheLastCertificates() throws {
        var record = BundleRecord(
            SPIFFEBundle(trustDomain: trustDomain, x509Authorities: [try certificate(until: TestTime.now - 1)]))
        let before = record
        #expect {
            _ = try record.prune(expiredBefore: TestTime.now)
        } throws: { ($0 as? RegistryError)?.message == "would prune all certificates" }
        #expect(record == before)
    }

    @Test func keepsTheLastKeysAndThenEverything() throws {
        var record = BundleRecord(
            SPIFFEBundle(
                trustDomain: trustDomain,
                x509Authorities: [try certificate(until: TestTime.now - 1), try certificate()],
                jwtAuthorities: try keys(["old"])))
        let before = record
        #expect {
            _ = try record.prune(expiredBefore: TestTime.now)
        } throws: { ($0 as? RegistryError)?.message == "would prune all JWT signing keys" }
        #expect(record == before)
    }
}
