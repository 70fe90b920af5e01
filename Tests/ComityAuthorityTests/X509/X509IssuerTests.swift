// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import ComityTesting
import FoundationEssentials
import SPIFFE
import SwiftASN1
import Testing
import X509

@testable import ComityAuthority

@Suite struct X509IssuerTests {
    static let now = AuthorityFixture.now

    struct Content: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var path = "/workload"
        var dnsNames: [String] = []
        var subject: [String]?
        var leafKey = KeyType.ecP256
        var notAfter = now + 3600
        var hasUniqueID = false
    }

    static let contents = [
        Content(testDescription: "plain"),
        Content(testDescription: "long ID", path: "/" + String(repeating: "a", count: 2000)),
        Content(testDescription: "one DNS name", dnsNames: ["web.example.org"]),
        Content(testDescription: "wildcard first", dnsNames: ["*.example.org", "example.org"]),
        Content(testDescription: "many DNS names", dnsNames: (0..<100).map { "host-\($0).example.org" }),
        Content(testDescription: "given subject", subject: ["Acme", "Größe"]),
        Content(testDescription: "given subject and DNS name", dnsNames: ["a.b"], subject: ["Acme"]),
        Content(testDescription: "empty subject", subject: []),
        Content(testDescription: "unique ID", hasUniqueID: true),
        Content(testDescription: "unique ID and the rest", dnsNames: ["a.b"], subject: ["Acme"], hasUniqueID: true),
        Content(testDescription: "RSA leaf", leafKey: .rsa2048),
        Content(testDescription: "P-384 leaf", leafKey: .ecP384),
        Content(testDescription: "last UTCTime", notAfter: Date(timeIntervalSince1970: 2_524_607_999)),
        Content(testDescription: "first GeneralizedTime", notAfter: Date(timeIntervalSince1970: 2_524_608_000)),
        Content(testDescription: "leap day", notAfter: Date(timeIntervalSince1970: 1_835_438_399)),
        Content(testDescription: "last second of all", notAfter: Date(timeIntervalSince1970: 253_402_300_799)),
    ]

    @Test(arguments: KeyType.allCases) func writesWhatSwiftCertificatesWrites(issuerKey: KeyType) throws {
        let fixture = try AuthorityFixture(keyType: issuerKey)
        for content in Self.contents {
            let (template, serial) = (try template(content, fixture), CertificateSerial.random())
            let expected = try reference(template, serial: serial, notAfter: content.notAfter, fixture)
            let written = try fixture.issuer.encodeTBS(
                template, serial: serial, notBefore: Self.now - 10, notAfter: content.notAfter)
            #expect(written == Array(expected.tbsCertificateBytes), "\(content.testDescription)")
        }
    }

    @Test(arguments: KeyType.allCases) func signatureVerifies(issuerKey: KeyType) throws {
        let fixture = try AuthorityFixture(keyType: issuerKey)
        for _ in 0..<20 {
            let leaf = try fixture.leaf(try fixture.template())
            #expect(fixture.ca.certificate.publicKey.isValidSignature(leaf.signature, for: leaf))
            #expect(leaf.signatureAlgorithm == fixture.ca.certificate.signatureAlgorithm)
        }
    }

    @Test func capsLifeByIssuer() throws {
        let fixture = try AuthorityFixture(ttl: 1800)
        let svid = try fixture.issuer.issue(try fixture.template(ttl: 3600), now: Self.now + 0.7)
        #expect(svid.expiresAt == Self.now + 1800)
        let leaf = try Certificate(derEncoded: svid.certificateChain[0])
        #expect(leaf.notValidAfter == svid.expiresAt)
        #expect(leaf.notValidBefore == Self.now - 10)
        #expect(svid.serial.serialNumber == leaf.serialNumber)
    }

    @Test func refusesWhenIssuerHasEnded() throws {
        let fixture = try AuthorityFixture(ttl: 1800)
        #expect(throws: AuthorityError(.expired, "")) {
            try fixture.issuer.issue(try fixture.template(), now: Self.now + 1800)
        }
    }

    @Test func refusesKeyThatIsNotTheIssuers() throws {
        let fixture = try AuthorityFixture()
        #expect(throws: AuthorityError(.invalidKey, "")) {
            try X509Issuer(trustDomain: fixture.trustDomain, certificate: fixture.ca, key: fixture.jwtKey)
        }
    }

    @Test func refusesForeignTrustDomain() throws {
        let fixture = try AuthorityFixture()
        var template = try fixture.template()
        template.id = try SPIFFEID("spiffe://other.org/workload")
        #expect(throws: AuthorityError(.invalidTemplate, "")) {
            try fixture.issuer.issue(template, now: Self.now)
        }
    }

    @Test func serialsDiffer() throws {
        let fixture = try AuthorityFixture()
        let template = try fixture.template()
        let serials = try (0..<100).map { _ in try fixture.issuer.issue(template, now: Self.now).serial }
        #expect(Set(serials).count == 100)
    }

    @Test func sendsIntermediatesAfterLeaf() throws {
        let fixture = try AuthorityFixture()
        let issuer = try X509Issuer(
            trustDomain: fixture.trustDomain, certificate: fixture.ca, key: fixture.caKey,
            intermediates: [fixture.ca.derBytes])
        let chain = try issuer.issue(try fixture.template(), now: Self.now).certificateChain
        #expect(chain.count == 2)
        #expect(chain.last == fixture.ca.derBytes)
    }

    private func template(_ content: Content, _ fixture: AuthorityFixture) throws -> X509SVIDTemplate {
        let subject = try content.subject.map { values in
            try DistinguishedName(
                values.map { RelativeDistinguishedName.Attribute(type: [2, 5, 4, 10], utf8String: $0) })
        }
        return X509SVIDTemplate(
            id: try fixture.id(content.path),
            publicKey: try SigningKey(generating: content.leafKey, id: "leaf").publicKey, ttl: 0,
            dnsNames: content.dnsNames, subject: subject, hasUniqueID: content.hasUniqueID)
    }

    /// The same content by swift-certificates.
    private func reference(
        _ template: X509SVIDTemplate, serial: CertificateSerial, notAfter: Date, _ fixture: AuthorityFixture
    ) throws -> Certificate {
        var subject =
            try template.subject
            ?? DistinguishedName([
                .init(type: [2, 5, 4, 6], printableString: "US"), .init(type: [2, 5, 4, 10], printableString: "SPIRE"),
            ])
        if let name = template.dnsNames.first {
            let commonName: RelativeDistinguishedName.Attribute =
                name.contains("*")
                ? .init(type: [2, 5, 4, 3], utf8String: name) : try .init(type: [2, 5, 4, 3], printableString: name)
            subject = DistinguishedName(Array(subject) + [RelativeDistinguishedName(commonName)])
        }
        if template.hasUniqueID {
            // The first half of the SHA-256 of spiffe://example.org/workload.
            let identifier = try RelativeDistinguishedName.Attribute(
                type: [2, 5, 4, 45], printableString: "9329e28c9448787df0fcb3c655605e51")
            subject = DistinguishedName(Array(subject) + [RelativeDistinguishedName(identifier)])
        }
        let alternativeNames = SubjectAlternativeNames(
            template.dnsNames.map { .dnsName($0) } + [.uniformResourceIdentifier(template.id.uri)])
        let issuerKeyIdentifier = try fixture.ca.certificate.extensions.subjectKeyIdentifier?.keyIdentifier
        return try Certificate(
            version: .v3, serialNumber: serial.serialNumber, publicKey: template.publicKey,
            notValidBefore: Self.now - 10, notValidAfter: notAfter, issuer: fixture.ca.certificate.subject,
            subject: subject, signatureAlgorithm: fixture.ca.certificate.signatureAlgorithm,
            extensions: try Certificate.Extensions {
                Critical(KeyUsage(digitalSignature: true, keyEncipherment: true, keyAgreement: true))
                try ExtendedKeyUsage([.serverAuth, .clientAuth])
                Critical(BasicConstraints.notCertificateAuthority)
                SubjectKeyIdentifier(hash: template.publicKey)
                AuthorityKeyIdentifier(keyIdentifier: issuerKeyIdentifier)
                if subject.isEmpty {
                    Critical(alternativeNames)
                } else {
                    alternativeNames
                }
            },
            issuerPrivateKey: fixture.caKey.certificateKey)
    }
}
