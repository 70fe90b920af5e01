// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import SPIFFE
import SwiftASN1
import Testing
import X509

@Suite struct NameConstraintTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var permitted: [GeneralName] = []
        var excluded: [GeneralName] = []
        var trustDomain = "example.org"
        var otherNames: [GeneralName] = []
        var isAccepted: Bool

        var testDescription: String { name }
    }

    private static func uri(
        _ constraint: String, _ trustDomain: String, _ isAccepted: Bool, excluded: Bool = false
    ) -> Case {
        let subtree = [GeneralName.uniformResourceIdentifier(constraint)]
        return Case(
            name: "\(excluded ? "excluded" : "permitted") '\(constraint)', host '\(trustDomain)'",
            permitted: excluded ? [] : subtree, excluded: excluded ? subtree : [], trustDomain: trustDomain,
            isAccepted: isAccepted)
    }

    @Test(
        "X509-26, X509-34: URI constraints",
        arguments: [
            uri("example.org", "example.org", true),
            uri("EXAMPLE.org", "example.org", true),
            uri("example.org", "a.example.org", false),
            uri("example.org", "example.com", false),
            uri("example.org", "notexample.org", false),
            uri(".example.org", "a.example.org", true),
            uri(".example.org", "a.b.example.org", true),
            uri(".example.org", "example.org", false),
            uri(".example.org", "notexample.org", false),
            uri("", "example.org", true),
            uri("prod", "prod", true),
            uri("example.org", "example.org", false, excluded: true),
            uri("example.org", "a.example.org", true, excluded: true),
            uri(".example.org", "a.example.org", false, excluded: true),
            uri(".example.org", "example.org", true, excluded: true),
            uri("", "example.org", false, excluded: true),
            // Decision D-16: address literals and constraints that are no host make the path invalid.
            uri("10.0.0.1", "10.0.0.1", false),
            uri("example.org", "10.0.0.1", false, excluded: true),
            uri("", "10.0.0.1", false),
            uri("999.0.0.1", "999.0.0.1", true),
            uri("spiffe://example.org", "example.org", false),
            uri("spiffe://other.test", "example.org", false, excluded: true),
            uri("example.org/path", "example.org", false, excluded: true),
            uri(".", "example.org", false, excluded: true),
            uri("..example.org", "a.example.org", false, excluded: true),
        ])
    func constrainsURIs(_ test: Case) throws {
        try check(test)
    }

    @Test(
        "X509-34: other kinds of names",
        arguments: [
            Case(name: "DNS constraint, no DNS SAN", permitted: [.dnsName("example.org")], isAccepted: true),
            Case(
                name: "DNS SAN inside", permitted: [.dnsName("example.org")],
                otherNames: [.dnsName("example.org"), .dnsName("a.b.Example.org")], isAccepted: true),
            Case(
                name: "one DNS SAN outside", permitted: [.dnsName("example.org")],
                otherNames: [.dnsName("a.example.org"), .dnsName("notexample.org")], isAccepted: false),
            Case(
                name: "DNS SAN excluded", excluded: [.dnsName("secret.example.org")],
                otherNames: [.dnsName("a.secret.example.org")], isAccepted: false),
            Case(
                name: "DNS permitted and excluded", permitted: [.dnsName("example.org")],
                excluded: [.dnsName("b.example.org")], otherNames: [.dnsName("a.example.org")], isAccepted: true),
            Case(
                name: "IP inside", permitted: [ip(10, 0, 0, 0, 255, 0, 0, 0)], otherNames: [ip(10, 9, 8, 7)],
                isAccepted: true),
            Case(
                name: "IP outside", permitted: [ip(10, 0, 0, 0, 255, 0, 0, 0)], otherNames: [ip(11, 9, 8, 7)],
                isAccepted: false),
            Case(
                name: "IP constraint without mask", excluded: [ip(10, 0, 0, 0)], otherNames: [ip(11, 9, 8, 7)],
                isAccepted: false),
            Case(
                name: "IPv6 under an IPv4 constraint", permitted: [ip(10, 0, 0, 0, 255, 0, 0, 0)],
                otherNames: [.ipAddress(ASN1OctetString(contentBytes: Array(repeating: 1, count: 16)[...]))],
                isAccepted: false),
            Case(
                name: "e-mail of the host", permitted: [.rfc822Name("example.org")],
                otherNames: [.rfc822Name("me@EXAMPLE.org")], isAccepted: true),
            Case(
                name: "e-mail of a host below", permitted: [.rfc822Name("example.org")],
                otherNames: [.rfc822Name("me@mail.example.org")], isAccepted: false),
            Case(
                name: "e-mail of the domain", permitted: [.rfc822Name(".example.org")],
                otherNames: [.rfc822Name("me@mail.example.org")], isAccepted: true),
            Case(
                name: "one mailbox", permitted: [.rfc822Name("me@example.org")],
                otherNames: [.rfc822Name("Me@example.org")], isAccepted: false),
            Case(
                name: "a kind that is not supported, present",
                excluded: [.registeredID([1, 2, 3])], otherNames: [.registeredID([1, 2, 4])], isAccepted: false),
            Case(
                name: "a kind that is not supported, absent", excluded: [.registeredID([1, 2, 3])], isAccepted: true),
            Case(name: "subject inside", permitted: [subject(country: "US")], isAccepted: true),
            Case(name: "subject outside", permitted: [subject(country: "DE")], isAccepted: false),
            Case(name: "subject excluded", excluded: [subject(country: "US")], isAccepted: false),
            Case(name: "subject excluded, other case", excluded: [subject(country: "us")], isAccepted: false),
        ])
    func constrainsOtherNames(_ test: Case) throws {
        try check(test)
    }

    @Test("X509-34: constraints apply to intermediates below, too, but not to self-issued ones")
    func constrainsIntermediates() throws {
        let root = try TestCA {
            $0.nameConstraints = NameConstraints(permittedSubtrees: [.uniformResourceIdentifier("example.org")])
        }
        let outside: [GeneralName] = [.uniformResourceIdentifier("spiffe://other.test")]
        #expect(
            try root.intermediate { $0.names = outside }.leaf().refusal(by: root.bundles)
                .contains("a name in the intermediate certificate 1 is not permitted by the authority certificate"))
        try root.intermediate("Test Root") { $0.names = outside }.leaf().verified(by: root.bundles)
        try root.intermediate { $0.names = [] }.leaf().verified(by: root.bundles)
    }

    @Test(
        "X509-34: the host of any URI counts, without user and port",
        arguments: [
            ("https://ca.example.org/", true), ("https://me@ca.example.org:8443/a?b#c", true),
            ("https://ca.example.org@evil.test/", false), ("https://evil.test/ca.example.org", false),
            ("https://evil.test?ca.example.org", false), ("urn:ca.example.org", false), ("ca.example.org", false),
            ("https://", false), ("https://[::1]/", false), ("https://ca.example.org./", false),
        ])
    func readsHosts(_ uri: String, isAccepted: Bool) throws {
        let root = try TestCA {
            $0.nameConstraints = NameConstraints(
                permittedURIDomains: ["ca.example.org", "example.org"], forbiddenURIDomains: ["other.test"])
        }
        let leaf = try root.intermediate { $0.names = [.uniformResourceIdentifier(uri)] }.leaf()
        if isAccepted {
            try leaf.verified(by: root.bundles)
        } else {
            #expect(leaf.refusal(by: try root.bundles).contains("intermediate certificate 1"))
        }
    }

    @Test("X509-34: e-mail constraints apply to the subject of a certificate without alternative names")
    func constrainsEmailInSubject() throws {
        let root = try TestCA { $0.nameConstraints = NameConstraints(excludedEmailAddresses: ["evil.test"]) }
        for (host, isAccepted) in [("good.test", true), ("evil.test", false)] {
            let leaf = try root.intermediate {
                $0.names = []
                $0.subject = try DistinguishedName { EmailAddress("ca@\(host)") }
            }.leaf()
            if isAccepted {
                try leaf.verified(by: root.bundles)
            } else {
                #expect(leaf.refusal(by: try root.bundles).contains("is excluded by the authority certificate"))
            }
        }
    }

    @Test("X509-34: constraints of an intermediate apply to the leaf")
    func constraintsOfIntermediates() throws {
        let root = try TestCA()
        let intermediate = try root.intermediate {
            $0.nameConstraints = NameConstraints(excludedSubtrees: [.uniformResourceIdentifier("example.org")])
        }
        #expect(
            try intermediate.leaf().refusal(by: try root.bundles).contains(
                "is excluded by the intermediate certificate 1"))
    }

    private func check(_ test: Case) throws {
        let root = try TestCA(test.trustDomain) {
            $0.nameConstraints = NameConstraints(
                permittedSubtrees: test.permitted, excludedSubtrees: test.excluded)
        }
        let svid = try root.leaf { $0.names += test.otherNames }
        if test.isAccepted {
            try svid.verified(by: root.bundles)
        } else {
            #expect(svid.refusal(by: try root.bundles).hasPrefix("could not verify leaf certificate: "))
        }
    }
}

private func ip(_ bytes: UInt8...) -> GeneralName {
    .ipAddress(ASN1OctetString(contentBytes: bytes[...]))
}

private func subject(country: String) -> GeneralName {
    let value = RelativeDistinguishedName.Attribute.Value(utf8String: country)
    let attribute = RelativeDistinguishedName.Attribute(type: .RDNAttributeType.countryName, value: value)
    return .directoryName(DistinguishedName([RelativeDistinguishedName(attribute)]))
}
