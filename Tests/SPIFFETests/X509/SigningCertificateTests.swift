// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import Testing
import X509

@Suite struct SigningCertificateTests {
    @Test(
        "X509-19, X509-46: cRLSign is optional on a signing certificate, digitalSignature tolerated",
        arguments: [
            KeyUsage(keyCertSign: true), KeyUsage(keyCertSign: true, cRLSign: true),
            KeyUsage(digitalSignature: true, keyCertSign: true, cRLSign: true),
        ])
    func acceptsUsages(_ usage: KeyUsage) throws {
        let root = try TestCA { $0.keyUsage = usage }
        let intermediate = try root.intermediate { $0.keyUsage = usage }
        try root.leaf().verified(by: root.bundles)
        try intermediate.leaf().verified(by: root.bundles)
    }

    @Test("X509-20: a bundle root without any SAN is still usable")
    func acceptsRootWithoutID() throws {
        let root = try TestCA { $0.names = [] }
        try root.leaf().verified(by: root.bundles)
        try root.intermediate { $0.names = [] }.leaf().verified(by: root.bundles)
    }

    @Test(
        "X509-21, X509-22: URI SANs of signing certificates do not decide",
        arguments: [
            "spiffe://example.org/ca", "spiffe://example.org/", "spiffe://other.example", "https://ca.example.org",
        ])
    func ignoresIDsOfAuthorities(_ uri: String) throws {
        let root = try TestCA { $0.names = [.uniformResourceIdentifier(uri)] }
        try root.leaf().verified(by: root.bundles)
        let intermediate = try root.intermediate {
            $0.names = [.uniformResourceIdentifier(uri), .uniformResourceIdentifier("spiffe://x.y")]
        }
        try intermediate.leaf().verified(by: root.bundles)
    }

    @Test("X509-23: root of A, intermediate and leaf of B, root in B's bundle")
    func acceptsForeignRoot() throws {
        let root = try TestCA("a.test")
        let domain = try TrustDomain("b.test")
        let leaf = try root.intermediate(trustDomain: domain).leaf()
        let bundle = SPIFFEBundle(trustDomain: domain, x509Authorities: [try X509Authority(root.root)])
        #expect(try leaf.verified(by: BundleSet([bundle])).id.trustDomain == domain)
    }

    @Test("X509-24: a signing certificate is not loaded as own SVID")
    func rejectsAuthorityAsCredential() throws {
        let root = try TestCA()
        let dressed = try root.intermediate { $0.names = [.uniformResourceIdentifier("spiffe://example.org/web")] }
        for authority in [root, dressed] {
            #expect(throws: SPIFFEError(.invalidX509SVID, "")) {
                try X509Credential(certificates: [authority.certificate], privateKey: authority.key)
            }
        }
    }

    @Test(
        "X509-27: extended key usage of signing certificates is not applied to leaves",
        arguments: [true, false])
    func ignoresExtendedKeyUsageOfAuthorities(_ isCritical: Bool) throws {
        let root = try TestCA {
            $0.extendedKeyUsage = try ExtendedKeyUsage([.codeSigning])
            $0.isExtendedKeyUsageCritical = isCritical
        }
        let intermediate = try root.intermediate {
            $0.extendedKeyUsage = try ExtendedKeyUsage([.emailProtection])
            $0.isExtendedKeyUsageCritical = isCritical
        }
        try intermediate.leaf().verified(by: root.bundles, role: .server)
    }
}
