// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import ComityWorkloads
import Foundation
import SPIFFE
import Testing

@Suite struct JWTSVIDCacheTests {
    @Test(arguments: [
        (0.0, "fresh"), (149.9, "fresh"), (150, "due"), (299.9, "due"), (300, "missing"),
    ])
    func isFreshUntilHalfLifeAndUsableUntilTheEnd(after: TimeInterval, expected: String) throws {
        let entry = try makeEntry("a")
        let key = JWTSVIDCache.Key(entry, audience: ["x"])
        var cache = JWTSVIDCache()
        cache.store(makeToken(entry), for: key, random: 0.5)

        let answer = cache.answer(key, now: start.addingTimeInterval(after))

        #expect(name(of: answer) == expected)
    }

    @Test func keepsAudiencesEntriesAndRevisionsApart() throws {
        let entry = try makeEntry("a")
        var cache = JWTSVIDCache()
        cache.store(makeToken(entry), for: .init(entry, audience: ["x", "y"]), random: 0.5)

        #expect(name(of: cache.answer(.init(entry, audience: ["x", "y"]), now: start)) == "fresh")
        for (other, audience) in [
            (entry, ["y", "x"]), (entry, ["x"]), (try makeEntry("b", "/a"), ["x", "y"]),
            (try makeEntry("a", revision: 1), ["x", "y"]), (try makeEntry("a", createdAt: 1), ["x", "y"]),
        ] {
            #expect(cache.answer(.init(other, audience: audience), now: start) == .missing)
        }
    }

    @Test func givesUpWhatWasUsedLongestAgo() throws {
        let entry = try makeEntry("a")
        let keys = ["1", "2", "3"].map { JWTSVIDCache.Key(entry, audience: [$0]) }
        var cache = JWTSVIDCache(capacity: 2)
        cache.store(makeToken(entry), for: keys[0], random: 0.5)
        cache.store(makeToken(entry), for: keys[1], random: 0.5)
        _ = cache.answer(keys[0], now: start)
        cache.store(makeToken(entry), for: keys[2], random: 0.5)

        #expect(cache.count == 2)
        #expect(keys.map { name(of: cache.answer($0, now: start)) } == ["fresh", "missing", "fresh"])
    }

    @Test func givesUpAnEighthAtOnceWhenThereAreMany() throws {
        let entry = try makeEntry("a")
        let keys = (0...16).map { JWTSVIDCache.Key(entry, audience: ["\($0)"]) }
        var cache = JWTSVIDCache(capacity: 16)
        for key in keys { cache.store(makeToken(entry), for: key, random: 0.5) }

        #expect(cache.count == 14)
        let kept = keys.map { name(of: cache.answer($0, now: start)) == "fresh" }
        #expect(kept == Array(repeating: false, count: 3) + Array(repeating: true, count: 14))
    }

    @Test("tokens of a key that lost trust are forgotten and no more are kept")
    func forgetsWhatADistrustedKeySigned() throws {
        let entry = try makeEntry("a")
        var cache = JWTSVIDCache()
        let keys = ["one", "two"].map { JWTSVIDCache.Key(entry, audience: [$0]) }
        for key in ["one", "two"] {
            cache.store(
                try makeToken(entry, signedBy: key), for: .init(entry, audience: [key]), random: 0.5)
        }

        #expect(cache.distrust(["one"]) == 1)

        #expect(keys.map { name(of: cache.answer($0, now: start)) } == ["missing", "fresh"])
        cache.store(try makeToken(entry, signedBy: "one"), for: keys[0], random: 0.5)
        #expect(cache.answer(keys[0], now: start) == .missing)
    }

    private func makeToken(_ entry: Entry, signedBy keyID: String) throws -> JWTSVIDCache.Token {
        var token = makeToken(entry)
        token.token = try TestJWTKey(keyID: keyID).token(
            claims: ["sub": .string(entry.spiffeID.uri), "aud": ["x"], "exp": 1_900_000_000])
        return token
    }

    private func makeToken(_ entry: Entry) -> JWTSVIDCache.Token {
        JWTSVIDCache.Token(
            spiffeID: entry.spiffeID, token: "token", issuedAt: start, expiresAt: start.addingTimeInterval(300))
    }

    private func name(of answer: JWTSVIDCache.Answer) -> String {
        switch answer {
        case .fresh: "fresh"
        case .due: "due"
        case .missing: "missing"
        }
    }
}
