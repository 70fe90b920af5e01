// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTesting
import FoundationEssentials
import SPIFFE
import SwiftASN1
import Testing
import X509

/// What X509-SVID and SPIFFE-ID demand of an issuer.
@Suite struct X509IssuerConformanceTests {
    static let now = AuthorityFixture.now

    /// One template of each shape that a server issues.
    static func templates(_ fixture: AuthorityFixture) throws -> [X509SVIDTemplate] {
        let plain = try fixture.template()
        let server = try fixture.template("/spire/server")
        let agent = try fixture.template("/spire/agent/join_token/1f2e")
        var named = try fixture.template("/a/b.c_d-E")
        named.dnsNames = ["one.example.org", "two.example.org", "three.example.org"]
        var minted = plain
        minted.subject = try DistinguishedName { OrganizationName("Acme") }
        var rsa = plain
        rsa.publicKey = try SigningKey(generating: .rsa2048, id: "leaf").publicKey
        return [plain, server, agent, named, minted, rsa]
    }

    @Test("SVID-02, SVID-03: the CA carries the ID of its trust domain, without path", arguments: KeyType.allCases)
    func authorityHasItsTrustDomainsID(keyType: KeyType) throws {
        let ca = try AuthorityFixture(keyType: keyType).ca.certificate
        let names = try #require(try ca.extensions.subjectAlternativeNames)
        #expect(Array(names) == [.uniformResourceIdentifier("spiffe://example.org")])
    }

    @Test("SVID-05: ID and public key are inside the signed part")
    func identityIsSigned() throws {
        let fixture = try AuthorityFixture()
        let template = try fixture.template()
        let der = try fixture.issuer.issue(template, now: Self.now).certificateChain[0]
        for part in [Array("/workload".utf8), Array(template.publicKey.subjectPublicKeyInfoBytes.suffix(32))] {
            let place = try #require(der.firstRange(of: part))
            var altered = der
            altered[place.lowerBound + part.count - 1] ^= 1
            // A changed key may not even be on its curve; then there is nothing left to verify.
            guard let certificate = try? Certificate(derEncoded: altered) else { continue }
            #expect(!fixture.caKey.publicKey.isValidSignature(certificate.signature, for: certificate))
        }
    }

    @Test("X509-01: exactly one URI SAN, the ID byte for byte")
    func leafHasOneURI() throws {
        let fixture = try AuthorityFixture()
        for template in try Self.templates(fixture) {
            let names = try #require(try fixture.leaf(template).extensions.subjectAlternativeNames)
            let uris = Array(names).filter { if case .uniformResourceIdentifier = $0 { true } else { false } }
            #expect(uris.elementsEqual([GeneralName.uniformResourceIdentifier(template.id.uri)]))
        }
    }

    @Test("X509-04: DNS names stand beside the ID")
    func leafHasDNSNames() throws {
        let fixture = try AuthorityFixture()
        var template = try fixture.template()
        template.dnsNames = ["a.example.org", "b.example.org", "c.example.org"]
        let names = try #require(try fixture.leaf(template).extensions.subjectAlternativeNames)
        #expect(Array(names) == template.dnsNames.map { .dnsName($0) } + [.uniformResourceIdentifier(template.id.uri)])
    }

    @Test("X509-05: a leaf without path is refused")
    func refusesLeafWithoutPath() throws {
        let fixture = try AuthorityFixture()
        var template = try fixture.template()
        template.id = fixture.trustDomain.id
        #expect(throws: AuthorityError(.invalidTemplate, "")) {
            try fixture.issuer.issue(template, now: Self.now)
        }
    }

    @Test("X509-06: without subject the SAN is critical", arguments: [true, false])
    func sanIsCriticalWithoutSubject(hasSubject: Bool) throws {
        let fixture = try AuthorityFixture()
        var template = try fixture.template()
        template.subject = hasSubject ? nil : DistinguishedName()
        let leaf = try fixture.leaf(template)
        #expect(leaf.subject.isEmpty == !hasSubject)
        #expect(leaf.extensions[oid: .X509ExtensionID.subjectAlternativeName]?.critical == !hasSubject)
    }

    @Test("X509-08: a leaf is not a CA, critically")
    func leafIsNoAuthority() throws {
        let fixture = try AuthorityFixture()
        for template in try Self.templates(fixture) {
            let extensions = try fixture.leaf(template).extensions
            #expect(try extensions.basicConstraints == .notCertificateAuthority)
            #expect(extensions[oid: .X509ExtensionID.basicConstraints]?.critical == true)
        }
    }

    @Test("X509-10: key usage is there and critical, in leaf and CA")
    func keyUsageIsCritical() throws {
        let fixture = try AuthorityFixture()
        for certificate in try Self.templates(fixture).map({ try fixture.leaf($0) }) + [fixture.ca.certificate] {
            #expect(certificate.extensions[oid: .X509ExtensionID.keyUsage]?.critical == true)
        }
    }

    @Test("X509-11, X509-12: a leaf may sign, encipher and agree, with EC and RSA keys")
    func leafUsage() throws {
        let fixture = try AuthorityFixture()
        for template in try Self.templates(fixture) {
            let usage = try #require(try fixture.leaf(template).extensions.keyUsage)
            #expect(usage == KeyUsage(digitalSignature: true, keyEncipherment: true, keyAgreement: true))
        }
    }

    @Test("X509-13: a request for CA usage does not reach the leaf")
    func requestedUsageIsIgnored() throws {
        let fixture = try AuthorityFixture()
        let key = try SigningKey(generating: .ecP256, id: "leaf")
        let request = try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName { CommonName("root") }, privateKey: key.certificateKey,
            attributes: .init([
                .init(
                    ExtensionRequest(
                        extensions: try .init {
                            Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                            Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                            SubjectAlternativeNames([.uniformResourceIdentifier("spiffe://example.org/admin")])
                        }))
            ]), signatureAlgorithm: .ecdsaWithSHA256)
        let verified = try VerifiedCertificateRequest(derBytes: request.derBytes)
        let leaf = try fixture.leaf(
            X509SVIDTemplate(id: try fixture.id(), publicKey: verified.publicKey, ttl: 3600))
        let usage = try #require(try leaf.extensions.keyUsage)
        #expect(!usage.keyCertSign && !usage.cRLSign)
        #expect(try leaf.extensions.basicConstraints == .notCertificateAuthority)
        #expect(
            try leaf.extensions.subjectAlternativeNames.map(Array.init)
                == [.uniformResourceIdentifier("spiffe://example.org/workload")])
    }

    @Test("X509-15, X509-16: a leaf is for servers and clients")
    func leafExtendedUsage() throws {
        let fixture = try AuthorityFixture()
        for template in try Self.templates(fixture) {
            let usage = try #require(try fixture.leaf(template).extensions.extendedKeyUsage)
            #expect(usage.contains(.serverAuth) && usage.contains(.clientAuth))
        }
    }

    @Test("X509-18, X509-19: a CA may sign certificates and lists", arguments: KeyType.allCases)
    func authorityUsage(keyType: KeyType) throws {
        let extensions = try AuthorityFixture(keyType: keyType).ca.certificate.extensions
        #expect(try extensions.basicConstraints == .isCertificateAuthority(maxPathLength: nil))
        #expect(extensions[oid: .X509ExtensionID.basicConstraints]?.critical == true)
        let usage = try #require(try extensions.keyUsage)
        #expect(usage.keyCertSign && usage.cRLSign)
    }

    @Test("X509-20, X509-22: the own CA is an SVID of the trust domain of its leaves")
    func authorityIsAnSVID() throws {
        let fixture = try AuthorityFixture("td.test")
        let names = try #require(try fixture.ca.certificate.extensions.subjectAlternativeNames)
        let leaf = try fixture.issuer.issue(try fixture.template(), now: Self.now)
        #expect(Array(names) == [.uniformResourceIdentifier(leaf.id.trustDomain.id.uri)])
    }

    @Test("X509-21: a CA's ID has no path; there is no way to ask for one", arguments: ["example.org", "a", "b.test"])
    func authorityHasNoPath(name: String) throws {
        let names = try AuthorityFixture(name).ca.certificate.extensions.subjectAlternativeNames
        let uris = try #require(names).compactMap {
            if case .uniformResourceIdentifier(let uri) = $0 { uri } else { nil }
        }
        #expect(try uris.map { try SPIFFEID($0).path } == [""])
    }

    @Test("X509-46: a CA has no leaf usage")
    func authorityHasNoLeafUsage() throws {
        let usage = try #require(try AuthorityFixture().ca.certificate.extensions.keyUsage)
        #expect(usage == KeyUsage(keyCertSign: true, cRLSign: true))
    }
}
