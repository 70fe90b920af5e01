// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import SwiftASN1
import Testing
import X509

@Suite struct X509LeafTests {
    private let ca: TestCA
    private let bundles: BundleSet

    init() throws {
        ca = try TestCA()
        bundles = try ca.bundles
    }

    @Test(
        "X509-02: more than one URI SAN is rejected",
        arguments: [
            ["spiffe://example.org/a", "spiffe://example.org/b"],
            ["spiffe://example.org/a", "https://example.org/a"],
            ["https://example.org/a", "spiffe://example.org/a"],
            ["spiffe://example.org/a", "spiffe://example.org/a"],
        ])
    func rejectsSeveralURIs(_ uris: [String]) throws {
        let leaf = try ca.leaf { $0.names = uris.map { .uniformResourceIdentifier($0) } }
        #expect(leaf.refusal(by: bundles).hasSuffix("certificate contains more than one URI SAN"))
        // Refused before a bundle is chosen.
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try leaf.unverified() }
    }

    @Test(
        "X509-03: no URI SAN means no SPIFFE ID",
        arguments: [
            CertificateChange("DNS names only") { $0.names = [.dnsName("a.example.org"), .dnsName("b.example.org")] },
            CertificateChange("no SAN extension") { $0.names = [] },
            CertificateChange("ID in the common name") {
                $0.names = []
                $0.subject = try DistinguishedName { CommonName("spiffe://example.org/workload") }
            },
            CertificateChange("ID as a DNS name") { $0.names = [.dnsName("spiffe://example.org/workload")] },
        ])
    func rejectsMissingURI(_ change: CertificateChange) throws {
        let leaf = try ca.leaf(change: change)
        #expect(leaf.refusal(by: bundles).hasSuffix("certificate contains no URI SAN"))
    }

    @Test("X509-04: other SAN types in any number")
    func acceptsOtherNames() throws {
        let leaf = try ca.leaf("/web") {
            $0.names += [
                .dnsName("a.example.org"), .dnsName("b.example.org"), .dnsName("*.example.org"),
                .ipAddress(ASN1OctetString(contentBytes: [10, 0, 0, 1])), .rfc822Name("web@example.org"),
            ]
        }
        #expect(try leaf.verified(by: bundles).id.uri == "spiffe://example.org/web")
    }

    @Test(
        "X509-05, SVID-07: a leaf's SPIFFE ID has a non-root path",
        arguments: ["", "/"])
    func rejectsRootPath(_ path: String) throws {
        let leaf = try ca.leaf(path)
        #expect(leaf.refusal(by: bundles).contains(path.isEmpty ? "without a path" : "trailing slash"))
    }

    @Test("X509-06: without a subject, the SAN extension is critical", arguments: [true, false])
    func emptySubjectNeedsCriticalNames(_ isCritical: Bool) throws {
        let leaf = try ca.leaf {
            $0.subject = DistinguishedName()
            $0.areNamesCritical = isCritical
        }
        if isCritical {
            try leaf.verified(by: bundles)
        } else {
            #expect(leaf.refusal(by: bundles).contains("must have a critical subject alternative name"))
        }
    }

    @Test("X509-07: only a leaf identifies a caller")
    func rejectsAuthorityAsLeaf() throws {
        // Both as it is (no path in its ID) and with an ID that a leaf could have.
        let plain = try ca.intermediate()
        let dressed = try ca.intermediate { $0.names = [.uniformResourceIdentifier("spiffe://example.org/web")] }
        for authority in [plain, dressed] {
            let presented = TestSVID(certificates: authority.intermediates, key: authority.key)
            #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try presented.verified(by: bundles) }
        }
    }

    @Test(
        "X509-09: cA of a leaf is false, or basic constraints are absent",
        arguments: [
            (
                CertificateChange("cA, no keyCertSign") {
                    $0.basicConstraints = .isCertificateAuthority(maxPathLength: nil)
                }, false
            ),
            (
                CertificateChange("cA and keyCertSign") {
                    $0.basicConstraints = .isCertificateAuthority(maxPathLength: 0)
                    $0.keyUsage = KeyUsage(digitalSignature: true, keyCertSign: true)
                }, false
            ),
            (CertificateChange("absent") { $0.basicConstraints = nil }, true),
            (CertificateChange("false") { $0.basicConstraints = .notCertificateAuthority }, true),
        ])
    func rejectsCALeaf(_ change: CertificateChange, isAccepted: Bool) throws {
        let leaf = try ca.leaf(change: change)
        if isAccepted {
            try leaf.verified(by: bundles)
        } else {
            #expect(leaf.refusal(by: bundles) == "leaf certificate with CA flag set to true")
        }
    }

    @Test(
        "X509-10, X509-11: key usage is present and has digitalSignature, critical or not",
        arguments: [
            (CertificateChange("absent") { $0.keyUsage = nil }, "leaf certificate has no key usage"),
            (
                CertificateChange("without digitalSignature") { $0.keyUsage = KeyUsage(keyEncipherment: true) },
                "leaf certificate must have 'digitalSignature' set as key usage"
            ),
            (CertificateChange("not critical") { $0.isKeyUsageCritical = false }, nil),
        ])
    func checksKeyUsage(_ change: CertificateChange, expected: String?) throws {
        let leaf = try ca.leaf(change: change)
        if let expected {
            #expect(leaf.refusal(by: bundles) == expected)
        } else {
            try leaf.verified(by: bundles)
        }
    }

    @Test(
        "X509-12: keyEncipherment and keyAgreement may be set",
        arguments: [TestKeyType.p256, .rsa2048],
        [
            KeyUsage(digitalSignature: true, keyEncipherment: true),
            KeyUsage(digitalSignature: true, keyAgreement: true),
            KeyUsage(digitalSignature: true, keyEncipherment: true, keyAgreement: true),
            KeyUsage(digitalSignature: true),
        ])
    func acceptsFurtherUsages(_ keyType: TestKeyType, _ usage: KeyUsage) throws {
        let leaf = try ca.leaf {
            $0.keyType = keyType
            $0.keyUsage = usage
        }
        try leaf.verified(by: bundles)
    }

    @Test(
        "X509-14: neither keyCertSign nor cRLSign is set on a leaf",
        arguments: [
            (KeyUsage(digitalSignature: true, keyCertSign: true), "KeyCertSign"),
            (KeyUsage(digitalSignature: true, cRLSign: true), "KeyCrlSign"),
            (KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true), "KeyCertSign"),
        ])
    func rejectsSigningUsage(_ usage: KeyUsage, named name: String) throws {
        let leaf = try ca.leaf { $0.keyUsage = usage }
        #expect(leaf.refusal(by: bundles) == "leaf certificate with \(name) key usage")
    }

    @Test("X509-15: extended key usage may be critical", arguments: [true, false])
    func acceptsCriticalExtendedKeyUsage(_ isCritical: Bool) throws {
        try ca.leaf { $0.isExtendedKeyUsageCritical = isCritical }.verified(by: bundles)
    }

    @Test(
        "X509-16: extended key usage fits the role, when it is there",
        arguments: [
            (nil, [.any, .server, .client]),
            ([.serverAuth, .clientAuth], [.any, .server, .client]),
            ([.serverAuth, .clientAuth, .codeSigning], [.any, .server, .client]),
            ([.any], [.any, .server, .client]),
            ([.serverAuth], [.any, .server]),
            ([.clientAuth], [.any, .client]),
            ([.codeSigning], []),
        ] as [([ExtendedKeyUsage.Usage]?, Set<X509SVID.Role>)])
    func checksExtendedKeyUsage(_ usages: [ExtendedKeyUsage.Usage]?, accepted: Set<X509SVID.Role>) throws {
        let leaf = try ca.leaf { $0.extendedKeyUsage = try usages.map { try ExtendedKeyUsage($0) } }
        for role in [X509SVID.Role.any, .server, .client] {
            if accepted.contains(role) {
                try leaf.verified(by: bundles, role: role)
            } else {
                #expect(leaf.refusal(by: bundles, role: role).contains("extended key usage"))
            }
        }
    }

    @Test(
        "X509-17: the URI is a valid SPIFFE ID",
        arguments: [
            "https://example.org/workload", "SPIFFE://example.org/workload", "Spiffe://example.org/workload",
            "spiffe://Example.org/workload", "spiffe://example.org:443/workload", "spiffe://example.org/workload?x=1",
            "spiffe://example.org/workload#f", "spiffe://user@example.org/workload", "spiffe://example.org/%41",
            "spiffe://example.org//workload", "spiffe:///workload", "", "workload",
        ])
    func rejectsBadURI(_ uri: String) throws {
        let leaf = try ca.leaf { $0.names = [.uniformResourceIdentifier(uri)] }
        #expect(leaf.refusal(by: bundles).hasPrefix("could not get leaf SPIFFE ID"))
    }

    @Test(
        "X509-17: a byte that no SPIFFE ID has, under a good signature",
        arguments: [0x00, 0x20, 0x80, 0xC3, 0xFF] as [UInt8])
    func rejectsOddBytes(_ byte: UInt8) throws {
        let raw = try RawTestCA()
        let leaf = try raw.ca.leaf("/work~load").leaf
        let der = try leaf.derBytes(
            replacing: Array("work~load".utf8), with: Array("work".utf8) + [byte] + Array("load".utf8),
            signedBy: raw.key)
        #expect(throws: SPIFFEError(.invalidX509SVID, "")) { try UnverifiedX509SVID(derCertificates: [der]) }
        // The way of making it is sound: with a good byte it verifies.
        let good = try leaf.derBytes(
            replacing: Array("work~load".utf8), with: Array("work-load".utf8), signedBy: raw.key)
        let svid = try UnverifiedX509SVID(derCertificates: [good]).verified(by: raw.ca.bundles, at: TestTime.now)
        #expect(svid.id.path == "/work-load")
    }

    @Test("ID-19: an ID of exactly 2048 bytes in a certificate")
    func acceptsLongestID() throws {
        let path = "/" + String(repeating: "a", count: 2048 - "spiffe://example.org/".utf8.count)
        #expect(try ca.leaf(path).verified(by: bundles).id.uri.utf8.count == 2048)
        #expect(try ca.leaf(path + "a").refusal(by: bundles).contains("longer than 2048 bytes"))
    }
}

extension TestCA {
    func leaf(change: CertificateChange) throws -> TestSVID {
        try leaf { try change.apply(&$0) }
    }
}
