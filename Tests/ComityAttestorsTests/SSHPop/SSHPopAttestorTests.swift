// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityTesting
import Crypto
import Foundation
import SPIFFE
import Testing
import _CryptoExtras

@testable import ComityAttestors

@Suite struct SSHPopAttestorTests {
    private let keys: SSHKeyFixture
    private let trustDomain: TrustDomain

    init() throws {
        keys = try SSHKeyFixture()
        trustDomain = try TrustDomain("example.org")
    }

    @Test(arguments: [
        ("-t ed25519", "-t ed25519"), ("-t rsa -b 2048", "-t rsa -b 3072"), ("-t rsa -b 2048 -m PEM", "-t ed25519"),
        ("-t ecdsa -b 256", "-t ecdsa -b 384"), ("-t ecdsa -b 384", "-t ecdsa -b 521"),
        ("-t ecdsa -b 521", "-t ecdsa -b 256"),
        ("-t ecdsa -b 256 -m PEM", "-t ed25519"),
    ])
    func hostWithACertificateComesIn(host: String, authority: String) async throws {
        try await make(host, authority)

        let proven = try await attest()

        let blob = try #require(try keys.text("host-cert.pub").split(separator: " ").dropFirst().first)
        let certificate = try #require(Data(base64Encoded: String(blob)))
        let fingerprint = Base64.url.encode(Array(SHA256.hash(data: certificate)))
        #expect(proven.agentID.uri == "spiffe://example.org/spire/agent/sshpop/\(fingerprint)")
        #expect(proven.selectors.isEmpty)
        #expect(proven.canReattest)
    }

    @Test(
        arguments: [
            ("/{{ .Hostname }}", nil, "/host.example.org"),
            ("{{ .PluginName }}/{{ .Hostname }}", "example.org", "/sshpop/host"),
            ("/{{ index .ValidPrincipals 1 }}/{{ .Serial }}", nil, "/other/7"),
            ("/{{ .Certificate.KeyId | replace \" \" \"-\" }}", nil, "/the-host"),
        ] as [(String, String?, String)])
    func templateNamesTheAgent(template: String, domain: String?, path: String) async throws {
        try await make(principals: "host.example.org,other")
        var settings = try settings()
        settings.template = try AgentPathTemplate(template)
        settings.canonicalDomain = domain
        #expect(try await attest(settings).agentID.path == "/spire/agent" + path)
    }

    @Test func hostOfAnotherDomainStaysOutside() async throws {
        try await make()
        var settings = try settings()
        settings.canonicalDomain = "other.org"
        await #expect(throws: AttestationError(.permissionDenied, "")) { try await attest(settings) }
    }

    @Test(arguments: [
        (["-U-user"], "certificate presented as a host key has type 1"),
        (["-V", "19700101:19700102"], "cert has expired"),
        (["-V", "20500101:20510101"], "cert is not yet valid"),
        (["-O", "critical:x=y"], "unsupported critical option \"x\" in certificate"),
        (["-t", "ssh-rsa"], "certificate signature does not verify, or is made with SHA-1"),
    ])
    func certificateThatProvesNothingIsRefused(options: [String], message: String) async throws {
        try await keys.makeKey("ca", options.contains("ssh-rsa") ? "-t rsa -b 2048" : "-t ed25519")
        try await keys.makeKey("host", "-t ed25519")
        try await sign(options)
        let error = await #expect(throws: AttestationError.self) { try await attest() }
        #expect(error == AttestationError(.permissionDenied, ""))
        #expect(error?.message == "failed to check host key: \(message)")
    }

    @Test func certificateOfAStrangersAuthorityIsRefused() async throws {
        try await make()
        try await keys.makeKey("stranger", "-t ed25519")
        try await keys.sign("host", by: "stranger")
        let error = await #expect(throws: AttestationError.self) { try await attest() }
        #expect(error?.message == "failed to check host key: no authorities for hostname: host.example.org")
    }

    @Test func certificateWithoutPrincipalIsRefused() async throws {
        try await make(principals: "")
        let error = await #expect(throws: AttestationError.self) { try await attest() }
        #expect(error?.message == "cert has no valid principals")
    }

    @Test func certificateWithoutItsKeyProvesNothing() async throws {
        try await make()
        let server = try SSHPopServerAttestor(try settings(), trustDomain: trustDomain)
        let payload = try payload()
        let thief = SSHPrivateKey.ed25519(Curve25519.Signing.PrivateKey())
        let error = await #expect(throws: AttestationError.self) {
            try await server.attest(NodeClaim(payload: payload)) { challenge in
                let nonce = Nonce()
                let digest = Nonce.digest(challenge: try SSHPopMessages.nonce(challenge: challenge), response: nonce)
                return SSHPopMessages.response(try thief.signature(for: Array(digest)), nonce)
            }
        }
        #expect(error?.message == "failed to verify signature")

        try FileManager.default.removeItem(atPath: keys.path("host"))
        try await keys.makeKey("spare", "-t ed25519")
        try FileManager.default.moveItem(atPath: keys.path("spare"), toPath: keys.path("host"))
        let own = await #expect(throws: AttestationError.self) { try await attest() }
        #expect(own?.message.contains("is not of host key") == true)
    }

    @Test func noChangedCertificateComesIn() async throws {
        try await make()
        let server = try SSHPopServerAttestor(try settings(), trustDomain: trustDomain)
        let payload = try payload()
        let certificate = try SSHPopMessages.certificate(payload: payload)
        var random = SeededGenerator(seed: 11)
        for _ in 0..<300 {
            let changed = random.mutate(certificate)
            guard changed != certificate else { continue }
            await #expect(throws: AttestationError.self) {
                try await server.attest(NodeClaim(payload: SSHPopMessages.payload(changed))) { _ in
                    Issue.record("a changed certificate was challenged")
                    return []
                }
            }
        }
    }

    @Test func readsAuthoritiesFromAFileToo() async throws {
        try await make()
        let lines = ["# ours", "", "cert-authority \(try keys.text("ca.pub"))"]
        try lines.joined(separator: "\n").write(toFile: keys.path("cas"), atomically: true, encoding: .utf8)
        _ = try await attest(SSHPopServerSettings(authorities: [], authoritiesPath: keys.path("cas")))

        try "# none\n".write(toFile: keys.path("none"), atomically: true, encoding: .utf8)
        for settings in [
            SSHPopServerSettings(authorities: [], authoritiesPath: keys.path("none")),
            SSHPopServerSettings(authorities: ["ssh-ed25519 AAAA"]), SSHPopServerSettings(authorities: ["nonsense"]),
        ] {
            #expect(throws: AttestationError(.invalidArgument, "")) {
                try SSHPopServerAttestor(settings, trustDomain: trustDomain)
            }
        }
    }

    @Test func keyUnderAPassphraseIsNamedAsSuch() async throws {
        try await make()
        let result = try await ToolCommand.run(
            "ssh-keygen", ["-q", "-p", "-P", "", "-N", "secret-phrase", "-f", keys.path("host")])
        #expect(result.exitCode == 0)
        let error = await #expect(throws: AttestationError.self) { try await attest() }
        #expect(error?.message == "host key cannot be used: it is protected by a passphrase (host_key_path)")
    }

    /// SPIRE's agent signs by an RSA key with SHA-1.
    @Test func proofWithSHA1IsAcceptedOverFreshNonces() async throws {
        try await make("-t rsa -b 2048")
        let server = try SSHPopServerAttestor(try settings(), trustDomain: trustDomain)
        guard case .rsa(let key) = try SSHPrivateKey(pem: Array(try keys.text("host").utf8) + [10]) else {
            throw AttestationError(.internalError, "no RSA key")
        }
        _ = try await server.attest(NodeClaim(payload: try payload())) { challenge in
            let nonce = Nonce()
            let digest = Nonce.digest(challenge: try SSHPopMessages.nonce(challenge: challenge), response: nonce)
            let signature = try key.signature(
                for: Insecure.SHA1.hash(data: Array(digest)), padding: .insecurePKCS1v1_5)
            return SSHPopMessages.response(
                SSHSignature(format: "ssh-rsa", blob: Array(signature.rawRepresentation)), nonce)
        }
    }

    // MARK: - Both halves

    private func make(
        _ host: String = "-t ed25519", _ authority: String = "-t ed25519", principals: String = "host.example.org"
    ) async throws {
        try await keys.makeKey("ca", authority)
        try await keys.makeKey("host", host)
        try await keys.sign("host", by: "ca", principals: principals)
    }

    private func sign(_ options: [String]) async throws {
        switch options.count {
        case 1: try await keys.sign("host", by: "ca", options[0])
        default: try await keys.sign("host", by: "ca", options[0], options[1])
        }
    }

    private func settings() throws -> SSHPopServerSettings {
        SSHPopServerSettings(authorities: [try keys.text("ca.pub")])
    }

    private func payload() throws -> [UInt8] {
        let blob = try SSHPublicKey.blob(authorizedKey: try keys.text("host-cert.pub")) { $0.contains("-cert-") }
        return SSHPopMessages.payload(blob)
    }

    private func attest(_ settings: SSHPopServerSettings? = nil) async throws -> NodeAttestation {
        let server = try SSHPopServerAttestor(try settings ?? self.settings(), trustDomain: trustDomain)
        return try await AttestationConversation.run(SSHPopAgentAttestor(keys.agent), server)
    }
}
