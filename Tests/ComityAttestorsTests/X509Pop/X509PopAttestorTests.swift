// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityRegistry
import ComityTesting
import Crypto
import Foundation
import SPIFFE
import SwiftASN1
import Testing
import X509

@testable import ComityAttestors

@Suite struct X509PopAttestorTests {
    private let ca: TestCA
    private let folder: TemporaryFolder
    private let trustDomain: TrustDomain

    init() throws {
        ca = try TestCA("pki.test")
        folder = try TemporaryFolder()
        trustDomain = try TrustDomain("example.org")
        try ca.rootPEM.write(toFile: folder.path("ca.pem"), atomically: true, encoding: .utf8)
    }

    @Test(arguments: [TestKeyType.p256, .p384, .p521, .rsa2048, .ed25519])
    func holderOfTheKeyComesIn(keyType: TestKeyType) async throws {
        let node = try leaf { $0.keyType = keyType }
        guard keyType != .ed25519 else {
            let error = await #expect(throws: AttestationError.self) { try await attest(node) }
            #expect(error?.message == "unable to generate challenge: unsupported public key type")
            return
        }
        let proven = try await attest(node)
        let fingerprint = Insecure.SHA1.hash(data: try node.derCertificates[0]).hex
        #expect(proven.agentID.uri == "spiffe://example.org/spire/agent/x509pop/\(fingerprint)")
        #expect(proven.canReattest)
    }

    @Test func selectorsNameSubjectAuthoritiesSerialAndURIs() async throws {
        let node = try ca.intermediate("Below").leaf {
            $0.subject = try DistinguishedName {
                CommonName("first")
                CommonName("host 1")
            }
            $0.serialNumber = Certificate.SerialNumber(bytes: [0x0A, 0x1B, 0x02])
            $0.names = [
                .uniformResourceIdentifier("x509pop://example.org/zone/a/b"),
                .uniformResourceIdentifier("x509pop://example.org/rack%20no/7"),
                .uniformResourceIdentifier("x509pop://example.org/odd"),
                .uniformResourceIdentifier("x509pop://other.org/zone/c"),
            ]
        }
        let authorities = try (node.certificates.dropFirst() + [ca.root]).map { certificate in
            Insecure.SHA1.hash(data: try certificate.derBytes).hex
        }
        #expect(
            try await attest(node).selectors == [
                try Selector("x509pop:subject:cn:host 1"), try Selector("x509pop:serialnumber:0a1b02"),
                try Selector("x509pop:ca:fingerprint:\(authorities[0])"),
                try Selector("x509pop:ca:fingerprint:\(authorities[1])"), try Selector("x509pop:san:zone:a/b"),
                try Selector("x509pop:san:rack no:7"),
            ])
    }

    @Test func authoritiesOfEveryPathAreSelectors() async throws {
        // The same issuing key, signed by two roots: both lead to an authority.
        let second = try TestCA("pki.test", commonName: "Second Root")
        let issuing = try ca.intermediate("Issuing")
        let cross = try second.intermediate("Issuing") { $0.key = issuing.key }
        var node = try issuing.leaf()
        node.certificates += cross.intermediates
        try (try ca.rootPEM + second.rootPEM).write(toFile: folder.path("ca.pem"), atomically: true, encoding: .utf8)

        let fingerprints = try await attest(node).selectors.filter { $0.value.hasPrefix("ca:fingerprint:") }

        #expect(fingerprints.count == 4)
    }

    @Test(arguments: [
        ("/cn/{{ .Subject.CommonName }}", "/cn/host-1"), ("{{ .SerialNumberHex }}/{{ .SerialNumber }}", "/0102/258"),
        ("/{{ .TrustDomain }}/{{ index .Subject.Organization 0 }}", "/example.org/Org"),
        ("/{{ .URISanSelectors.zone }}/{{ index .DNSNames 0 }}", "/a/host.test"),
        ("/{{ index .IPAddresses 0 }}/{{ index .IPAddresses 1 }}", "/10.0.0.1/--1"),
    ])
    func templateNamesTheAgent(template: String, path: String) async throws {
        let node = try leaf {
            $0.subject = try DistinguishedName {
                OrganizationName("Org")
                CommonName("host-1")
            }
            $0.serialNumber = Certificate.SerialNumber(bytes: [1, 2])
            $0.names = [
                .uniformResourceIdentifier("x509pop://example.org/zone/a"), .dnsName("host.test"),
                .ipAddress(ASN1OctetString(contentBytes: [10, 0, 0, 1])),
                .ipAddress(ASN1OctetString(contentBytes: [UInt8](repeating: 0, count: 15) + [1])),
            ]
        }
        var settings = settings()
        // A colon may not stand in a path.
        settings.template = try AgentPathTemplate(
            template.replacing("index .IPAddresses 1", with: "index .IPAddresses 1 | replace \":\" \"-\""))
        #expect(try await attest(node, settings).agentID.path == "/spire/agent" + path)
    }

    @Test func fieldThatIsMissingNamesNobody() async throws {
        var settings = settings()
        settings.template = try AgentPathTemplate("/{{ .URISanSelectors.zone }}")
        let error = await #expect(throws: AttestationError.self) { try await attest(try leaf(), settings) }
        #expect(error?.message.hasPrefix("failed to make spiffe id: template: agent-path:1:4: ") == true)
        #expect(error?.message.hasSuffix(": map has no entry for key \"zone\"") == true)
    }

    @Test func strangersChainsStayOutside() async throws {
        let stranger = try TestCA("pki.test").leaf()
        let error = await #expect(throws: AttestationError.self) { try await attest(stranger) }
        #expect(error == AttestationError(.permissionDenied, ""))
        #expect(error?.message.hasPrefix("certificate verification failed: ") == true)

        let expired = try leaf { $0.notAfter = TestTime.now - 1 }
        await #expect(throws: AttestationError(.permissionDenied, "")) { try await attest(expired) }

        let noSignatures = try leaf { $0.keyUsage = KeyUsage(keyEncipherment: true) }
        let usage = await #expect(throws: AttestationError.self) { try await attest(noSignatures) }
        #expect(usage?.message == "unable to generate challenge: certificate not intended for digital signature use")
    }

    @Test func certificateWithoutItsKeyStaysOutside() async throws {
        for keyType in [TestKeyType.p256, .rsa2048] {
            let node = try leaf { $0.keyType = keyType }
            let thief = TestSVID(certificates: node.certificates, key: try keyType.makeKey())
            let error = await #expect(throws: AttestationError.self) { try await attest(thief) }
            let name = keyType == .p256 ? "ECDSA" : "RSA"
            #expect(error == AttestationError(.permissionDenied, ""))
            #expect(error?.message == "challenge response verification failed: \(name) signature verify failed")
        }
    }

    @Test func limitsIntermediatesAndKeySizes() async throws {
        var node = try leaf { $0.keyType = .rsa2048 }
        var settings = settings()
        settings.maximumIntermediates = 1
        node.certificates += [ca.root, ca.root]
        let many = await #expect(throws: AttestationError.self) { try await attest(node, settings) }
        #expect(many == AttestationError(.invalidArgument, ""))
        node.certificates.removeLast(2)
        settings.maximumRSAKeySize = 2047
        let large = await #expect(throws: AttestationError.self) { try await attest(node, settings) }
        #expect(large?.message == "certificate has an RSA key of 2048 bits; max_rsa_key_size is 2047")
    }

    @Test func certificateBindsTheAddressWhenAsked() async throws {
        let node = try leaf { $0.names = [.ipAddress(ASN1OctetString(contentBytes: [192, 0, 2, 7]))] }
        var settings = settings()
        settings.verifiesClientAddress = true
        _ = try await attest(node, settings, from: "192.0.2.7")
        for address in ["192.0.2.8", nil] {
            await #expect(throws: AttestationError(.permissionDenied, "")) {
                try await attest(node, settings, from: address)
            }
        }
    }

    @Test func svidUnderThePrefixIsExchanged() async throws {
        let own = try TestCA("example.org")
        let settings = X509PopServerSettings(trust: .trustDomain(prefix: "/spire-exchange/"))
        let server = try X509PopServerAttestor(
            settings, trustDomain: trustDomain, ownAuthorities: { try own.bundle.x509Authorities },
            now: { TestTime.now })

        let proven = try await attest(try own.leaf("/spire-exchange/rack/1"), to: server)
        #expect(proven.agentID.uri == "spiffe://example.org/spire/agent/x509pop/rack/1")
        let other = await #expect(throws: AttestationError.self) { try await attest(try own.leaf("/web"), to: server) }
        #expect(other?.message == "x509 cert doesnt match SVID prefix")
        let none = try own.leaf { $0.names = [.dnsName("a.test")] }
        let nameless = await #expect(throws: AttestationError.self) { try await attest(none, to: server) }
        #expect(nameless?.message == "valid SVID x509 cert not found")
        await #expect(throws: AttestationError(.permissionDenied, "")) { try await attest(try leaf(), to: server) }
    }

    @Test(arguments: [
        "", "{}", "{\"certificates\":[]}", "{\"certificates\":[\"!\"]}", "{\"certificates\":[\"AAAA\"]}", "[]",
    ])
    func refusesWhatIsNoPayload(payload: String) async throws {
        let server = try server()
        await #expect(throws: AttestationError(.invalidArgument, "")) {
            try await server.attest(NodeClaim(payload: Array(payload.utf8))) { _ in [] }
        }
    }

    @Test(arguments: [
        "", "{}", "{\"ecdsa_signature\":null}", "{\"rsa_signature\":{}}", "{\"ecdsa_signature\":{\"nonce\":\"AA==\"}}",
        "{\"ecdsa_signature\":{\"nonce\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\",\"r\":\"\",\"s\":\"\"}}",
    ])
    func refusesWhatIsNoResponse(response: String) async throws {
        let server = try server()
        let payload = X509PopMessages.payload(try leaf().derCertificates)
        await #expect(throws: AttestationError.self) {
            try await server.attest(NodeClaim(payload: payload)) { _ in Array(response.utf8) }
        }
    }

    @Test func messagesAreSPIREs() throws {
        let nonce = try #require(Nonce([UInt8](repeating: 0, count: 32)))
        let zeros = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
        func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
        #expect(text(X509PopMessages.payload([[1], [2]])) == "{\"certificates\":[\"AQ==\",\"Ag==\"]}")
        #expect(
            text(X509PopMessages.challenge(.rsa, nonce))
                == "{\"rsa_signature\":{\"nonce\":\"\(zeros)\"},\"ecdsa_signature\":null}")
        #expect(
            text(X509PopMessages.response(.ecdsa(r: [1], s: [2]), nonce))
                == "{\"rsa_signature\":null,\"ecdsa_signature\":{\"nonce\":\"\(zeros)\",\"r\":\"AQ==\",\"s\":\"Ag==\"}}"
        )
    }

    @Test func filesThatCannotBeUsedAreNamed() throws {
        for (path, content) in [("missing.pem", nil), ("empty.pem", ""), ("bad.pem", "-----BEGIN X-----\n")]
            as [(String, String?)]
        {
            try content?.write(toFile: folder.path(path), atomically: true, encoding: .utf8)
            let error = #expect(throws: AttestationError.self) {
                try X509PopServerAttestor(
                    X509PopServerSettings(trust: .files([folder.path(path)])), trustDomain: trustDomain,
                    ownAuthorities: { [] })
            }
            #expect(error?.message.contains(path) == true)
        }
    }

    // MARK: - Both halves

    private func leaf(_ change: (inout CertificateTemplate) throws -> Void = { _ in }) throws -> TestSVID {
        try ca.leaf("/node", change)
    }

    private func settings() -> X509PopServerSettings {
        X509PopServerSettings(trust: .files([folder.path("ca.pem")]))
    }

    private func server(_ settings: X509PopServerSettings? = nil) throws -> X509PopServerAttestor {
        try X509PopServerAttestor(
            settings ?? self.settings(), trustDomain: trustDomain, ownAuthorities: { [] }, now: { TestTime.now })
    }

    private func attest(
        _ node: TestSVID, _ settings: X509PopServerSettings? = nil, from address: String? = nil
    ) async throws -> NodeAttestation {
        try await attest(node, to: try server(settings), from: address)
    }

    private func attest(
        _ node: TestSVID, to server: X509PopServerAttestor, from address: String? = nil
    ) async throws -> NodeAttestation {
        let agent = X509PopAgentAttestor {
            X509PopAgentAttestor.Identity(certificates: node.certificates, privateKey: node.key)
        }
        return try await AttestationConversation.run(agent, server, from: address)
    }
}
