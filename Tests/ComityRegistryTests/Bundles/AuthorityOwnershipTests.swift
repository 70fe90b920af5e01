// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import SPIFFE
import Testing

@Suite struct AuthorityOwnershipTests {
    private let alpha: TrustDomain
    private let beta: TrustDomain
    private let gamma: TrustDomain
    /// A corporate root that names nobody.
    private let plainRoot: X509Authority

    init() throws {
        alpha = try TrustDomain("alpha.test")
        beta = try TrustDomain("beta.test")
        gamma = try TrustDomain("gamma.test")
        plainRoot = try X509Authority(try TestCA("alpha.test") { $0.names = [] }.root)
    }

    private func bundle(
        _ trustDomain: TrustDomain, roots: [X509Authority] = [], keys: [JWTAuthority] = []
    ) -> SPIFFEBundle {
        SPIFFEBundle(trustDomain: trustDomain, x509Authorities: roots, jwtAuthorities: keys)
    }

    private func root(of trustDomain: TrustDomain) throws -> X509Authority {
        try X509Authority(try TestCA(trustDomain.name).root)
    }

    private func key(_ id: String, of trustDomain: TrustDomain) throws -> JWTAuthority {
        try #require(try SPIFFEBundle.fixture(of: trustDomain, keys: [id]).jwtAuthorities.first)
    }

    private func refusal(
        of bundle: SPIFFEBundle, beside others: [SPIFFEBundle], sharing: Set<TrustDomain> = []
    ) -> FederationFailure? {
        do {
            try AuthorityOwnership(own: alpha, domainsWithSharedRoots: sharing).check(bundle, against: others)
            return nil
        } catch {
            return error
        }
    }

    @Test func takesKeysThatNobodyElseHas() throws {
        let others = [
            bundle(alpha, roots: [try root(of: alpha)], keys: [try key("a", of: alpha)]),
            // An older bundle of the same trust domain is no other's.
            bundle(beta, roots: [plainRoot], keys: [try key("b", of: beta)]),
        ]
        #expect(refusal(of: bundle(beta, roots: [plainRoot], keys: [try key("b", of: beta)]), beside: others) == nil)
    }

    @Test(arguments: ["alpha.test", "gamma.test"]) func refusesAnothersJWTKeyUnderAnyID(owner: String) throws {
        let owner = try TrustDomain(owner)
        let theirs = try key("a", of: owner)
        let renamed = JWTAuthority(keyID: "b", publicKey: theirs.publicKey)
        let refusal = try #require(
            self.refusal(of: bundle(beta, keys: [renamed]), beside: [bundle(owner, keys: [theirs])], sharing: [beta]))
        #expect(refusal.class == .sharedKey)
        #expect(refusal.message.contains("JWT key \"b\""))
        #expect(refusal.message.contains(owner == alpha ? "this server's own trust domain" : "\"gamma.test\""))
    }

    @Test(arguments: ["alpha.test", "gamma.test"])
    func refusesAnothersRootUnlessSharedRootsAreAllowed(owner: String) throws {
        let owner = try TrustDomain(owner)
        let others = [bundle(owner, roots: [plainRoot])]
        let shared = bundle(beta, roots: [plainRoot])
        let refusal = try #require(self.refusal(of: shared, beside: others))
        #expect(refusal.class == .sharedKey)
        #expect(refusal.message.contains("set allow_shared_roots for \"beta.test\""))
        #expect(self.refusal(of: shared, beside: others, sharing: [gamma]) != nil)
        #expect(self.refusal(of: shared, beside: others, sharing: [beta]) == nil)
    }

    @Test func rootOfTheSameKeyIsTheSameRoot() throws {
        let first = try TestCA("beta.test")
        let renewed = try X509Authority(try TestCA("beta.test") { $0.key = first.key }.root)
        let others = [bundle(beta, roots: [try X509Authority(first.root)])]
        #expect(refusal(of: bundle(gamma, roots: [renewed]), beside: others)?.class == .sharedKey)
    }

    @Test func nobodyTakesARootByPublishingItFirst() throws {
        let roots = [try root(of: beta)]
        let thief = bundle(gamma, roots: roots)
        #expect(refusal(of: bundle(beta, roots: roots), beside: [thief]) == nil)
        // Ours stays ours, whatever is written in it.
        #expect(refusal(of: bundle(beta, roots: roots), beside: [thief, bundle(alpha, roots: roots)]) != nil)
    }
}
