// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing
import X509

/// A year of a server's life, with outages, restarts, operators and crashes, from a seed.
@Suite struct AuthorityYearTests {
    struct Year: Sendable, CustomTestStringConvertible {
        var seed: UInt64
        var ttl: TimeInterval
        var step: TimeInterval
        var testDescription: String { "seed \(seed), ca_ttl \(Int(ttl))" }
    }

    static let years = [
        Year(seed: 1, ttl: 24 * 3600, step: 2 * 3600), Year(seed: 2, ttl: 24 * 3600, step: 3600),
        Year(seed: 3, ttl: 3600, step: 600),
    ]

    private struct Live {
        var svid: IssuedX509SVID
        var issuer: X509Authority
    }

    @Test(arguments: years) func everyLiveSVIDVerifies(year: Year) throws {
        var random = SeededGenerator(seed: year.seed)
        var authority = try SimulatedAuthority(.x509, ttl: year.ttl)
        let id = try SPIFFEID("spiffe://example.org/workload")
        let key = try SigningKey(generating: .ecP256, id: "leaf").publicKey
        var now = AuthorityFixture.now
        let end = now + 365 * 86400
        var live: [Live] = []
        var authorities: Set<String> = []
        var nextPrune = now
        var issuer: X509Issuer?
        while now < end {
            try Self.disturb(&authority, now: now, &random)
            try authority.run(now: now)
            if now >= nextPrune {
                authority.bundle.prune(now: now)
                nextPrune = now + 6 * 3600
            }
            let current = try #require(authority.rotation.current)
            #expect(authority.journal.filter { $0.status == .active } == [current])
            authorities.insert(current.authorityID)
            live.removeAll { $0.svid.expiresAt <= now }
            for held in live where !authority.bundle.x509Authorities.contains(held.issuer) {
                Issue.record("an SVID of \(held.issuer.subjectKeyIdentifier.hex) outlives its authority at \(now)")
                return
            }
            if issuer?.authorityID != current.authorityID {
                issuer = try authority.x509Issuer()
            } else if Bool.random(using: &random) {
                now += year.step
                continue
            }
            let issuer = try #require(issuer)
            let svid = try issuer.issue(
                X509SVIDTemplate(id: id, publicKey: key, ttl: RotationSchedule.longestSVIDTTL(authorityTTL: year.ttl)),
                now: now)
            live.append(Live(svid: svid, issuer: issuer.certificate))
            if UInt8.random(in: 0..<16, using: &random) == 0, let held = live.randomElement(using: &random) {
                let verified = try UnverifiedX509SVID(derCertificates: held.svid.certificateChain)
                    .verified(by: BundleSet([authority.bundle]), at: now)
                #expect(verified.id == id)
            }
            now += year.step * Double.random(in: 0.5...1.5, using: &random)
        }
        #expect(authorities.count >= Int(365 * 86400 / year.ttl))
    }

    private static func disturb(
        _ authority: inout SimulatedAuthority, now: Date, _ random: inout SeededGenerator
    ) throws {
        guard authority.rotation.current != nil else { return }
        switch Int.random(in: 0..<200, using: &random) {
        case 0:
            try authority.restart()
        case 1:
            try authority.prepare(now: now)
        case 2 where authority.rotation.next?.status == .prepared:
            try authority.activate(try #require(authority.rotation.next).authorityID, now: now)
        case 3...5:
            var cut = Int.random(in: 1...3, using: &random)
            _ = try authority.run(try authority.beginPrepare(), now: now, cut: &cut)
        default:
            break
        }
    }
}

extension SPIFFEBundle {
    /// As the server prunes: what ended more than a day ago goes.
    fileprivate mutating func prune(now: Date) {
        x509Authorities.removeAll { $0.certificate.notValidAfter < now - 86400 }
    }
}
