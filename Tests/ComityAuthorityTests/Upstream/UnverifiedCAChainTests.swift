// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE
import Testing
import X509

@Suite struct UnverifiedCAChainTests {
    private let root: TestCA
    private let middle: TestCA
    private let key: SigningKey
    private let trustDomain: TrustDomain

    init() throws {
        root = try TestCA("example.org")
        middle = try root.intermediate()
        key = try SigningKey(generating: .ecP256, id: "k")
        trustDomain = try TrustDomain("example.org")
    }

    private func ca(_ change: (inout X509CATemplate) throws -> Void = { _ in }, by issuer: TestCA? = nil) throws
        -> X509Authority
    {
        var template = X509CATemplate(trustDomain: trustDomain, ttl: 3600)
        try change(&template)
        let issuer = issuer ?? middle
        return try template.sign(
            key.publicKey, by: X509Authority(issuer.certificate), key: issuer.key, now: TestTime.now)
    }

    private func verify(_ certificates: [X509Authority], roots: [TestCA], at now: Date = TestTime.now) throws -> CAChain
    {
        try UnverifiedCAChain(certificates: certificates, roots: try roots.map { try X509Authority($0.root) })
            .verified(publicKey: key.publicKey, trustDomain: trustDomain, now: now)
    }

    @Test func takesAWholeChain() throws {
        let certificates = [try ca(), try X509Authority(middle.certificate)]
        let chain = try verify(certificates, roots: [try TestCA("example.org"), root])
        #expect(chain.certificate == certificates[0])
        #expect(chain.intermediates == certificates.map(\.derBytes))
    }

    @Test func refusesWhatCannotBeUsed() throws {
        let good = [try ca(), try X509Authority(middle.certificate)]
        let leaf = try X509Authority(middle.leaf("/w").certificates[0])
        let elsewhere = try ca({ $0.trustDomain = try TrustDomain("other.test") })
        let stranger = try X509CATemplate(trustDomain: trustDomain, ttl: 3600).sign(
            SigningKey(generating: .ecP256, id: "x").publicKey, by: X509Authority(middle.certificate),
            key: middle.key, now: TestTime.now)
        for (why, attempt): (String, () throws -> CAChain) in [
            ("it has no certificate", { try verify([], roots: [root]) }),
            ("it is for another key", { try verify([stranger, good[1]], roots: [root]) }),
            ("it is for another key", { try verify([leaf, good[1]], roots: [root]) }),
            ("it does not have the URI SAN", { try verify([elsewhere, good[1]], roots: [root]) }),
            ("none of the roots signed it", { try verify(good, roots: [try TestCA("example.org")]) }),
            ("none of the roots signed it", { try verify([good[0]], roots: [root]) }),
            ("is not signed by the next", { try verify([good[0], try X509Authority(root.root)], roots: [root]) }),
            ("is not valid now", { try verify(good, roots: [root], at: TestTime.now + 3600) }),
        ] {
            let error = #expect(throws: AuthorityError.self) { try attempt() }
            #expect(error?.code == .upstream)
            #expect(error?.message.contains(why) == true, "\(why): \(String(describing: error))")
        }
    }

    @Test("a CA signed from above comes back from the journal with what stands above it")
    func isJournalled() throws {
        let chain = try verify([try ca(), try X509Authority(middle.certificate)], roots: [root])
        let record = AuthorityRecord(x509: chain, slot: .a, now: TestTime.now)
        var journal = AuthorityJournal()
        journal.x509 = [record]
        let read = try #require(try AuthorityJournal(bytes: journal.encoded()).x509.first)
        #expect(read == record)
        #expect(read.upstreamAuthorityID == (try X509Authority(middle.certificate).subjectKeyIdentifier.hex))
    }

    @Test("it is usable as long as the root above is in the bundle") func isUsableUnderItsRoot() throws {
        let chain = try verify([try ca(), try X509Authority(middle.certificate)], roots: [root])
        let record = AuthorityRecord(x509: chain, slot: .a, now: TestTime.now)
        #expect(record.isUsable(.x509, key: key, bundle: try root.bundle))
        #expect(!record.isUsable(.x509, key: key, bundle: try TestCA("example.org").bundle))
    }
}
