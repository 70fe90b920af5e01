// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Testing
import X509

@testable import SPIFFE

/// Hostile chains: what counts is the work done, not the time it takes here.
@Suite struct PathBuilderTests {
    @Test func triesTheMatchingKeyIdentifierFirst() throws {
        let roots = try (0..<10).map { _ in try TestCA() }
        let bundle = SPIFFEBundle(
            trustDomain: roots[0].trustDomain, x509Authorities: try roots.map { try X509Authority($0.root) })
        var builder = try builder(for: roots[9].leaf(), bundle: bundle)
        #expect(try builder.build().count == 2)
        #expect(builder.signatureChecks == 1)
    }

    @Test func verifiesEachPairOnce() throws {
        // Five keys of one name, each signed by each other: 65 orders of them, 20 pairs, none of which ends at a root.
        let (svid, bundle) = try mesh(keys: 5)
        let roomy = PathLimits(candidates: 100_000, signatureChecks: 100_000)
        var builder = try builder(for: svid, bundle: bundle, limits: roomy)
        #expect(throws: PathFailure.self) { try builder.build() }
        #expect(builder.signatureChecks <= 16 * 16)
        #expect(builder.candidates > builder.signatureChecks)
    }

    @Test func endsWithinTheLimits() throws {
        let (svid, bundle) = try mesh(keys: 5)
        var builder = try builder(for: svid, bundle: bundle)
        #expect(throws: PathFailure.self) { try builder.build() }
        #expect(builder.signatureChecks <= PathLimits().signatureChecks)
        #expect(builder.candidates <= PathLimits().candidates + 1)
        let error = #expect(throws: SPIFFEError.self) {
            try svid.unverified().verified(by: BundleSet([bundle]), at: TestTime.now)
        }
        #expect(error?.message.contains("within the limits on the search") == true)
    }

    @Test func endsWithinTheLimitOnSignatureChecks() throws {
        let root = try TestCA()
        let decoys = try (0..<20).map { _ in try X509Authority(TestCA { $0.hasKeyIdentifiers = false }.root) }
        let bundle = SPIFFEBundle(
            trustDomain: root.trustDomain, x509Authorities: decoys + [try X509Authority(root.root)])
        let svid = try root.leaf { $0.hasKeyIdentifiers = false }
        var enough = try builder(for: svid, bundle: bundle)
        #expect(try enough.build().count == 2)
        #expect(enough.signatureChecks == 21)
        var tooFew = try builder(for: svid, bundle: bundle, limits: PathLimits(signatureChecks: 20))
        #expect(throws: PathFailure.self) { try tooFew.build() }
        #expect(tooFew.signatureChecks == 20)
    }

    @Test func endsInLoops() throws {
        // Two CAs that vouch for each other.
        let keys = try [TestKeyType.p256.makeKey(), TestKeyType.p256.makeKey()]
        let root = try TestCA(commonName: "A") { $0.key = keys[0] }
        let b = try root.intermediate("B") { $0.key = keys[1] }
        let a = try b.intermediate("A") { $0.key = keys[0] }
        let svid = TestSVID(
            certificates: [try a.leaf().leaf, a.certificate, b.certificate], key: keys[0])
        let stranger = try TestCA(commonName: "Stranger").bundle
        var builder = try builder(for: svid, bundle: stranger)
        #expect(throws: PathFailure.self) { try builder.build() }
        #expect(builder.signatureChecks == 2)
    }

    @Test("X509-36: a genuine path is found among namesakes")
    func findsTheWayThroughDecoys() throws {
        let root = try TestCA()
        let svid = try root.intermediate("N").leaf()
        let decoys = try (0..<14).map { _ in try TestCA(commonName: "N").certificate }
        let crowded = TestSVID(
            certificates: [svid.leaf] + decoys + [svid.certificates[1]], key: svid.key)
        var builder = try builder(for: crowded, bundle: root.bundle)
        #expect(try builder.build().map(\.certificate) == svid.certificates + [root.root])
        #expect(builder.signatureChecks == 2)
    }

    @Test func limitsThePathLength() throws {
        var ca = try TestCA()
        let bundle = try ca.bundle
        for depth in 1...15 { ca = try ca.intermediate("CA \(depth)") }
        let longest = try ca.leaf()
        #expect(longest.certificates.count == PathLimits.maximumPresentedCertificates)
        var builder = try builder(for: longest, bundle: bundle)
        #expect(try builder.build().count == 17)
        var short = try self.builder(for: longest, bundle: bundle, limits: PathLimits(depth: 16))
        let error = #expect(throws: PathFailure.self) { try short.build() }
        #expect(error?.message == "path is longer than 16 certificates")
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try ca.intermediate("CA 16").leaf().unverified() }
    }

    @Test func limitsNameComparisons() throws {
        let constraints = (0..<200).map { GeneralName.dnsName("d\($0).test") }
        let root = try TestCA { $0.nameConstraints = NameConstraints(excludedSubtrees: constraints) }
        let names = (0..<100).map { GeneralName.dnsName("n\($0).test") }
        let svid = try root.leaf { $0.names += names }
        var builder = try builder(for: svid, bundle: root.bundle)
        let error = #expect(throws: PathFailure.self) { try builder.build() }
        #expect(error?.message == "too many names and name constraints")
        var roomy = try self.builder(for: svid, bundle: root.bundle, limits: PathLimits(nameComparisons: 100_000))
        #expect(try roomy.build().count == 2)
    }

    private func builder(
        for svid: TestSVID, bundle: SPIFFEBundle, limits: PathLimits = PathLimits()
    ) throws -> PathBuilder {
        try svid.unverified().pathBuilder(bundle: bundle, at: TestTime.now, limits: limits)
    }

    /// A leaf with fifteen CA certificates of one name, as many pairs of the keys as fit, and an unrelated root.
    private func mesh(keys count: Int) throws -> (TestSVID, SPIFFEBundle) {
        let roots = try (0..<count).map { _ in try TestCA(commonName: "N") { $0.hasKeyIdentifiers = false } }
        var pool: [Certificate] = []
        for subject in roots {
            for issuer in roots where issuer.certificate != subject.certificate {
                pool.append(
                    try issuer.intermediate("N") {
                        $0.key = subject.key
                        $0.hasKeyIdentifiers = false
                    }.certificate)
            }
        }
        let leaf = try roots[0].leaf { $0.hasKeyIdentifiers = false }
        let presented = [leaf.leaf] + pool.prefix(PathLimits.maximumPresentedCertificates - 1)
        return (TestSVID(certificates: presented, key: leaf.key), try TestCA(commonName: "Stranger").bundle)
    }
}
