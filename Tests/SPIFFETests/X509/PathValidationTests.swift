// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Crypto
import FoundationEssentials
import SPIFFE
import SwiftASN1
import Testing
import X509

@Suite struct PathValidationTests {
    private let root: TestCA
    private let bundles: BundleSet

    init() throws {
        root = try TestCA()
        bundles = try root.bundles
    }

    // MARK: - Form and signatures

    @Test("X509-28: empty chain, undecodable DER, bytes after a certificate")
    func rejectsMalformedChains() throws {
        let der = try root.leaf().derCertificates[0]
        let malformed: [[[UInt8]]] = [
            [], [[]], [[0x30]], [[0x30, 0x00]], [Array(der.dropLast())], [der + [0x00]], [der, []],
            [der, [0x30, 0x80]],
            [Array("-----BEGIN CERTIFICATE-----".utf8)],
        ]
        for chain in malformed {
            #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try UnverifiedX509SVID(derCertificates: chain) }
        }
    }

    @Test("X509-29, SVID-05: every signature of the path verifies")
    func rejectsBrokenSignatures() throws {
        let intermediate = try root.intermediate()
        let chain = try intermediate.leaf().derCertificates
        for position in chain.indices {
            var broken = chain
            broken[position][broken[position].count - 1] ^= 1
            let svid = try UnverifiedX509SVID(derCertificates: broken)
            #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try svid.verified(by: bundles, at: TestTime.now) }
        }
    }

    @Test("SVID-05: SPIFFE ID and public key are inside the signed part")
    func rejectsChangedContent() throws {
        let leaf = try root.leaf("/web")
        let der = try leaf.derCertificates[0]
        let otherKey = try root.leaf("/other").leaf.publicKey
        let changes: [[UInt8]] = [
            try der.replacing(Array("/web".utf8), with: Array("/wep".utf8)),
            try der.replacing(
                Array(leaf.leaf.publicKey.subjectPublicKeyInfoBytes),
                with: Array(otherKey.subjectPublicKeyInfoBytes)),
        ]
        for changed in changes {
            let svid = try UnverifiedX509SVID(derCertificates: [changed])
            #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try svid.verified(by: bundles, at: TestTime.now) }
        }
    }

    @Test("X509-29, ID-12: an authority with the same name and another key")
    func rejectsNamesake() throws {
        let namesake = try TestCA()
        #expect(try namesake.leaf().refusal(by: bundles).contains("certificate signed by unknown authority"))
        #expect(try namesake.intermediate().leaf().refusal(by: bundles).contains("unknown authority"))
    }

    @Test("X509-29: supported keys", arguments: [TestKeyType.p256, .p384, .p521, .ed25519, .rsa2048])
    func acceptsKeyTypes(_ keyType: TestKeyType) throws {
        let root = try TestCA(keyType: keyType)
        let intermediate = try root.intermediate { $0.keyType = keyType }
        try intermediate.leaf { $0.keyType = keyType }.verified(by: root.bundles)
    }

    @Test("X509-29: weak RSA keys are refused at every place of the path")
    func rejectsWeakKeys() throws {
        let weak = try root.intermediate { $0.keyType = .rsa1024 }
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try weak.leaf().verified(by: bundles) }
        let weakLeaf = try root.leaf { $0.keyType = .rsa1024 }
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try weakLeaf.verified(by: bundles) }
        // Also when they come as values, past the decoder.
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) {
            try weakLeaf.unverified().verified(by: bundles, at: TestTime.now)
        }
        let weakRoot = try TestCA(keyType: .rsa1024)
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) {
            try weakRoot.leaf().unverified().verified(by: weakRoot.bundles, at: TestTime.now)
        }
    }

    @Test("X509-29: SHA-1 signatures are refused")
    func rejectsSHA1() throws {
        let root = try TestCA(keyType: .rsa2048)
        let leaf = try root.leaf { $0.signatureAlgorithm = .sha1WithRSAEncryption }
        #expect(leaf.refusal(by: try root.bundles).contains("insecure algorithm"))
        let key = try TestKeyType.rsa2048.makeKey()
        let oldRoot = try TestCA {
            $0.key = key
            $0.signatureAlgorithm = .sha1WithRSAEncryption
        }
        #expect(
            try oldRoot.leaf().refusal(by: oldRoot.bundles).contains("authority certificate is signed with insecure"))
    }

    @Test("X509-29: the algorithm inside the signed part is the one that is used")
    func rejectsTwoAlgorithms() throws {
        let raw = try RawTestCA()
        let sha256: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02]
        let sha384: [UInt8] = [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03]
        let der = try raw.ca.leaf().leaf.derBytes(replacing: sha256, with: sha384, signedBy: raw.key)
        let svid = try UnverifiedX509SVID(derCertificates: [der])
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try svid.verified(by: raw.ca.bundles, at: TestTime.now) }
    }

    // MARK: - Time

    @Test(
        "X509-30: validity has both ends inclusive",
        arguments: [
            (TestTime.past, TestTime.future),
            (Date(timeIntervalSince1970: 2_000_000_000), Date(timeIntervalSince1970: 2_600_000_000)),
            (Date(timeIntervalSince1970: 2_550_000_000), Date(timeIntervalSince1970: 253_402_300_799)),
        ])
    func checksValidity(_ start: Date, _ end: Date) throws {
        let root = try TestCA {
            $0.notBefore = Date(timeIntervalSince1970: 0)
            $0.notAfter = Date(timeIntervalSince1970: 253_402_300_799)
        }
        let bundles = try root.bundles
        let leaf = try root.leaf {
            $0.notBefore = start
            $0.notAfter = end
        }
        try leaf.verified(by: bundles, at: start)
        try leaf.verified(by: bundles, at: end)
        #expect(leaf.refusal(by: bundles, at: start - 1).contains("leaf certificate is not yet valid"))
        #expect(leaf.refusal(by: bundles, at: end + 1).contains("leaf certificate has expired"))
    }

    @Test("X509-30: expired issuers are refused, the authority included", arguments: [true, false])
    func rejectsExpiredIssuer(_ isRoot: Bool) throws {
        let end = TestTime.now - 1
        let root = try TestCA { if isRoot { $0.notAfter = end } }
        let intermediate = try root.intermediate { if !isRoot { $0.notAfter = end } }
        let name = isRoot ? "authority certificate" : "intermediate certificate 1"
        let leaf = try intermediate.leaf()
        #expect(leaf.refusal(by: try root.bundles).contains("\(name) has expired"))
        try leaf.verified(by: root.bundles, at: end)
    }

    // MARK: - Names

    @Test("X509-31: issuer and subject names chain")
    func rejectsOtherIssuerName() throws {
        let leaf = try root.leaf { $0.issuer = try DistinguishedName { CommonName("Somebody Else") } }
        #expect(leaf.refusal(by: bundles).contains("certificate signed by unknown authority"))
    }

    @Test("X509-31: two roots with one name and different keys are both tried", arguments: [true, false])
    func triesNamesakes(_ hasKeyIdentifiers: Bool) throws {
        let roots = try [
            TestCA { $0.hasKeyIdentifiers = hasKeyIdentifiers }, TestCA { $0.hasKeyIdentifiers = hasKeyIdentifiers },
        ]
        for order in [[0, 1], [1, 0]] {
            let authorities = try order.map { try X509Authority(roots[$0].root) }
            let both = BundleSet([SPIFFEBundle(trustDomain: root.trustDomain, x509Authorities: authorities)])
            for root in roots {
                let svid = try root.intermediate { $0.hasKeyIdentifiers = hasKeyIdentifiers }
                    .leaf { $0.hasKeyIdentifiers = hasKeyIdentifiers }.verified(by: both)
                #expect(svid.authority == root.root)
            }
        }
    }

    // MARK: - Issuing certificates

    @Test(
        "X509-32: every issuing certificate may issue",
        arguments: [
            CertificateChange("no basic constraints") { $0.basicConstraints = nil },
            CertificateChange("cA false") { $0.basicConstraints = .notCertificateAuthority },
            CertificateChange("no keyCertSign") { $0.keyUsage = KeyUsage(digitalSignature: true, cRLSign: true) },
            CertificateChange("a leaf that signs") {
                $0.basicConstraints = .notCertificateAuthority
                $0.keyUsage = KeyUsage(digitalSignature: true)
            },
            CertificateChange("version 1") {
                $0.version = .v1
                $0.basicConstraints = nil
                $0.keyUsage = nil
                $0.names = []
                $0.hasKeyIdentifiers = false
            },
        ])
    func rejectsUnfitIssuers(_ change: CertificateChange) throws {
        let intermediate = try root.intermediate { try change.apply(&$0) }
        #expect(try intermediate.leaf().refusal(by: bundles).contains("intermediate certificate 1"))
        let unfitRoot = try TestCA { try change.apply(&$0) }
        #expect(try unfitRoot.leaf().refusal(by: try unfitRoot.bundles).contains("authority certificate"))
    }

    @Test("X509-32: key usage may be absent on an authority of the bundle only")
    func checksMissingKeyUsage() throws {
        let root = try TestCA { $0.keyUsage = nil }
        try root.leaf().verified(by: root.bundles)
        let intermediate = try root.intermediate { $0.keyUsage = nil }
        #expect(try intermediate.leaf().refusal(by: try root.bundles).contains("has no key usage"))
    }

    @Test("X509-25, X509-33: pathLenConstraint limits the intermediates below", arguments: [0, 1, 2])
    func honoursPathLength(_ limit: Int) throws {
        var ca = try TestCA { $0.basicConstraints = .isCertificateAuthority(maxPathLength: limit) }
        let bundles = try ca.bundles
        for depth in 0...3 {
            if depth <= limit {
                try ca.leaf().verified(by: bundles)
            } else {
                #expect(try ca.leaf().refusal(by: bundles).contains("allows \(limit) intermediates below it"))
            }
            ca = try ca.intermediate("Intermediate \(depth)")
        }
        let intermediate = try root.intermediate { $0.basicConstraints = .isCertificateAuthority(maxPathLength: 0) }
        try intermediate.leaf().verified(by: self.bundles)
        #expect(
            try intermediate.intermediate("Below").leaf().refusal(by: self.bundles).contains(
                "intermediate certificate 2 allows 0 intermediates below it"))
    }

    @Test("X509-33: self-issued certificates do not count")
    func ignoresSelfIssued() throws {
        let root = try TestCA(commonName: "Root") { $0.basicConstraints = .isCertificateAuthority(maxPathLength: 0) }
        let renewed = try root.intermediate("Root")
        try renewed.leaf().verified(by: root.bundles)
    }

    // MARK: - Extensions

    @Test(
        "X509-35: an unknown critical extension is rejected, a non-critical one ignored",
        arguments: [true, false])
    func checksUnknownExtensions(_ isCritical: Bool) throws {
        let unknown = Certificate.Extension(
            oid: [1, 3, 6, 1, 4, 1, 99_999, 1], critical: isCritical, value: [0x05, 0x00])
        let leaf = try root.leaf { $0.otherExtensions = [unknown] }
        let below = try root.intermediate { $0.otherExtensions = [unknown] }.leaf()
        let oddRoot = try TestCA { $0.otherExtensions = [unknown] }
        for (svid, bundles) in [(leaf, bundles), (below, bundles), (try oddRoot.leaf(), try oddRoot.bundles)] {
            if isCritical {
                #expect(svid.refusal(by: bundles).contains("unhandled critical extension"))
            } else {
                try svid.verified(by: bundles)
            }
        }
    }

    @Test("X509-35: a duplicated extension is rejected")
    func rejectsDuplicatedExtension() throws {
        let raw = try RawTestCA()
        let extensions = [1, 2].map { number in
            Certificate.Extension(oid: [1, 3, 6, 1, 4, 1, 99_999, number], critical: false, value: [0x05, 0x00])
        }
        func encoded(_ number: UInt8) -> [UInt8] { [0x2B, 6, 1, 4, 1, 0x86, 0x8D, 0x1F, number] }
        let leaf = try raw.ca.leaf { $0.otherExtensions = extensions }
        try leaf.verified(by: raw.ca.bundles)
        let der = try leaf.leaf.derBytes(replacing: encoded(2), with: encoded(1), signedBy: raw.key)
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try UnverifiedX509SVID(derCertificates: [der]) }
    }

    // MARK: - Pool and bundle

    @Test("X509-36: a missing intermediate is rejected")
    func rejectsMissingIntermediate() throws {
        var svid = try root.intermediate().intermediate("Second").leaf()
        svid.certificates.remove(at: 1)
        #expect(svid.refusal(by: bundles).contains("certificate signed by unknown authority"))
    }

    @Test("X509-36: extra certificates, the root and any order do no harm")
    func acceptsUnorderedPool() throws {
        let svid = try root.intermediate("First").intermediate("Second").leaf()
        let stranger = try TestCA("stranger.test").intermediate("First")
        var odd = svid
        odd.certificates = [
            svid.leaf, stranger.certificate, root.root, svid.certificates[2], stranger.root, svid.certificates[1],
            svid.leaf, svid.certificates[1],
        ]
        let verified = try odd.verified(by: bundles)
        #expect(verified.certificates == svid.certificates)
        #expect(verified.authority == root.root)
    }

    @Test("X509-36, SVID-04: any one of several authorities suffices, self-signed or not")
    func acceptsAnyAuthority() throws {
        let intermediate = try root.intermediate()
        let authorities = [
            try X509Authority(TestCA().root), try X509Authority(TestCA(commonName: "Another").root),
            try X509Authority(intermediate.certificate),
        ]
        let set = BundleSet([SPIFFEBundle(trustDomain: root.trustDomain, x509Authorities: authorities)])
        var svid = try intermediate.leaf()
        // It ends the path, presented or not, with the root known or not.
        #expect(try svid.verified(by: set).authority == intermediate.certificate)
        svid.certificates.removeLast()
        #expect(try svid.verified(by: set).certificates == [svid.leaf])
        // Signed by an upstream authority, with its root in the bundle.
        #expect(try intermediate.leaf().verified(by: bundles).authority == root.root)
    }

    @Test("X509-37, SVID-01: the path ends in the bundle of the leaf's own trust domain")
    func neverPoolsBundles() throws {
        let a = try TestCA("a.test", commonName: "Root")
        let b = try TestCA("b.test", commonName: "Root")
        let forged = try a.leaf(SPIFFEID("spiffe://b.test/web"))
        #expect(forged.refusal(by: BundleSet([try a.bundle, try b.bundle])).contains("unknown authority"))
        #expect(throws: SPIFFEError(.noBundle, "")) { try forged.verified(by: a.bundles) }
        #expect(
            forged.refusal(by: try a.bundles)
                == "could not get X509 bundle: no X.509 bundle for trust domain \"b.test\"")
        let empty = BundleSet([SPIFFEBundle(trustDomain: b.trustDomain)])
        #expect(try b.leaf().refusal(by: empty).contains("unknown authority"))
    }

    @Test(
        "X509-38: the leaf is checked on top of a perfect path",
        arguments: [
            CertificateChange("X509-02") { $0.names.append(.uniformResourceIdentifier("spiffe://example.org/b")) },
            CertificateChange("X509-05") { $0.names = [.uniformResourceIdentifier("spiffe://example.org")] },
            CertificateChange("X509-09") { $0.basicConstraints = .isCertificateAuthority(maxPathLength: nil) },
            CertificateChange("X509-14") { $0.keyUsage = KeyUsage(digitalSignature: true, cRLSign: true) },
            CertificateChange("X509-17") { $0.names = [.uniformResourceIdentifier("https://example.org/a")] },
        ])
    func checksLeafToo(_ change: CertificateChange) throws {
        let intermediate = try root.intermediate()
        try intermediate.leaf().verified(by: bundles)
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) {
            try intermediate.leaf(change: change).verified(by: bundles)
        }
    }

    @Test func rejectsALeafThatIsItselfAnAuthority() throws {
        let leaf = try root.leaf()
        let authorities = [try X509Authority(root.root), try X509Authority(leaf.leaf)]
        let set = BundleSet([SPIFFEBundle(trustDomain: root.trustDomain, x509Authorities: authorities)])
        #expect(leaf.refusal(by: set).contains("itself an authority"))
    }

    @Test func namesTheReasonOfTheTrueIssuer() throws {
        // A namesake that fits otherwise must not hide that the true issuer has expired.
        let expired = try root.intermediate { $0.notAfter = TestTime.now - 1 }
        var svid = try expired.leaf()
        svid.certificates += try [root.intermediate().certificate, root.intermediate().certificate]
        #expect(svid.refusal(by: bundles).contains("intermediate certificate 1 has expired"))
    }
}
