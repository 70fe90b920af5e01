// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import FoundationEssentials
import SPIFFE
import SwiftASN1
import Testing
import X509

@testable import ComityAuthority

@Suite struct X509CATemplateTests {
    private static let now = AuthorityFixture.now

    struct Naming: Sendable {
        var subject: CASubject
        var text: String
    }

    @Test(arguments: [
        Naming(subject: .standard, text: "C=US,O=SPIFFE,SERIALNUMBER=1"),
        Naming(subject: CASubject(organizations: ["Acme"]), text: "O=Acme,SERIALNUMBER=1"),
        Naming(
            subject: CASubject(countries: ["DE"], organizations: ["Acme", "Other"], commonName: "Größe"),
            text: "C=DE,O=Acme+O=Other,CN=Größe,SERIALNUMBER=1"),
    ])
    func namesAsAsked(naming: Naming) throws {
        let serial = try #require(CertificateSerial(UInt128(1)))
        let name = try X509Subject.authority(naming.subject, serial: serial)
        let text = name.map { $0.map(Self.text).sorted().joined(separator: "+") }.joined(separator: ",")
        #expect(text == naming.text)
    }

    private static let names: [ASN1ObjectIdentifier: String] = [
        [2, 5, 4, 3]: "CN", [2, 5, 4, 5]: "SERIALNUMBER", [2, 5, 4, 6]: "C", [2, 5, 4, 10]: "O",
    ]

    private static func text(_ attribute: RelativeDistinguishedName.Attribute) -> String {
        let value: String? = .init(attribute.value)
        return "\(names[attribute.type] ?? "")=\(value ?? "")"
    }

    @Test("two CAs of one subject have different names") func keepsNamesApart() throws {
        let template = X509CATemplate(
            trustDomain: try TrustDomain("example.org"), ttl: 3600, subject: CASubject(commonName: "Acme"))
        let names = try (0..<2).map { _ in
            try template.selfSign(with: SigningKey(generating: .ecP256, id: "k"), now: Self.now).certificate.subject
        }
        #expect(names[0] != names[1])
    }

    @Test("the CA of a server below is one of the trust domain, named by its level", arguments: KeyType.allCases)
    func signsDownstream(keyType: KeyType) throws {
        let fixture = try AuthorityFixture(keyType: keyType)
        let key = try SigningKey(generating: .ecP256, id: "below")
        let chain = try fixture.issuer.issueCA(publicKey: key.publicKey, ttl: 3600, now: Self.now)
        #expect(chain.count == 1)
        let below = try X509Authority(derBytes: chain[0])
        #expect(try below.certificate.extensions.basicConstraints == .isCertificateAuthority(maxPathLength: nil))
        #expect(
            try below.certificate.extensions.subjectAlternativeNames
                == SubjectAlternativeNames([.uniformResourceIdentifier("spiffe://example.org")]))
        #expect(below.certificate.subject.description.contains("OU=DOWNSTREAM-1"))
        let issuer = try X509Issuer(
            trustDomain: fixture.trustDomain, certificate: below, key: key, intermediates: chain)
        let third = try issuer.issueCA(
            publicKey: SigningKey(generating: .ecP256, id: "third").publicKey, ttl: 3600, now: Self.now)
        #expect(third.count == 2 && third[1] == chain[0])
        #expect(try X509Authority(derBytes: third[0]).certificate.subject.description.contains("OU=DOWNSTREAM-2"))
    }

    @Test("an SVID of two levels below verifies by the root alone") func verifiesByTheRoot() throws {
        let fixture = try AuthorityFixture()
        var issuer = fixture.issuer
        for level in 1...2 {
            let key = try SigningKey(generating: .ecP256, id: "level-\(level)")
            let chain = try issuer.issueCA(publicKey: key.publicKey, ttl: 3600, now: Self.now)
            issuer = try X509Issuer(
                trustDomain: fixture.trustDomain, certificate: X509Authority(derBytes: chain[0]), key: key,
                intermediates: chain)
        }
        let svid = try issuer.issue(fixture.template(), now: Self.now)
        #expect(svid.certificateChain.count == 3)
        let bundle = SPIFFEBundle(trustDomain: fixture.trustDomain, x509Authorities: [fixture.ca])
        let verified = try UnverifiedX509SVID(derCertificates: svid.certificateChain)
            .verified(by: BundleSet([bundle]), at: Self.now)
        #expect(verified.id == svid.id)
    }

    @Test func belowNeverOutlivesAbove() throws {
        let fixture = try AuthorityFixture(ttl: 1800)
        let key = try SigningKey(generating: .ecP256, id: "below").publicKey
        let chain = try fixture.issuer.issueCA(publicKey: key, ttl: 3600, now: Self.now)
        #expect(try X509Authority(derBytes: chain[0]).certificate.notValidAfter == Self.now + 1800)
        #expect(throws: AuthorityError(.expired, "")) {
            try fixture.issuer.issueCA(publicKey: key, ttl: 3600, now: Self.now + 1800)
        }
    }
}
