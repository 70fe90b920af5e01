// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTesting
import Foundation
import SPIFFE
import Testing
import X509

/// The judgement of a verifier that we did not write.
@Suite struct OpenSSLTests {
    struct Chain: Sendable, CustomTestStringConvertible {
        var issuer: KeyType
        var leaf: KeyType
        var dnsNames: [String] = []
        var isSubjectEmpty = false
        var testDescription: String { "\(issuer.rawValue) > \(leaf.rawValue) \(dnsNames) \(isSubjectEmpty)" }
    }

    static let chains =
        KeyType.allCases.map { Chain(issuer: $0, leaf: .ecP256) } + [
            Chain(issuer: .ecP256, leaf: .rsa2048), Chain(issuer: .ecP256, leaf: .ecP384),
            Chain(issuer: .ecP256, leaf: .ecP256, dnsNames: ["*.example.org", "web.example.org"]),
            Chain(issuer: .ecP256, leaf: .ecP256, isSubjectEmpty: true),
        ]

    @Test(arguments: chains) func verifiesStrictly(chain: Chain) async throws {
        let fixture = try AuthorityFixture(keyType: chain.issuer)
        var template = try fixture.template()
        template.publicKey = try SigningKey(generating: chain.leaf, id: "leaf").publicKey
        template.dnsNames = chain.dnsNames
        template.subject = chain.isSubjectEmpty ? DistinguishedName() : nil
        let leaf = try fixture.issuer.issue(template, now: AuthorityFixture.now).certificateChain[0]
        #expect(try await verify(leaf, by: fixture.ca.derBytes, purpose: "sslserver") == "leaf.pem: OK\n")
        #expect(try await verify(leaf, by: fixture.ca.derBytes, purpose: "sslclient") == "leaf.pem: OK\n")
        var altered = leaf
        altered[altered.count - 1] ^= 1
        #expect(try await verify(altered, by: fixture.ca.derBytes, purpose: "sslserver") != "leaf.pem: OK\n")
    }

    private func verify(_ leaf: [UInt8], by ca: [UInt8], purpose: String) async throws -> String {
        let folder = try TemporaryFolder()
        for (name, der) in [("leaf", leaf), ("ca", ca)] {
            let base64 = Data(der).base64EncodedString(options: .lineLength64Characters)
            let pem = "-----BEGIN CERTIFICATE-----\n\(base64)\n-----END CERTIFICATE-----\n"
            try Data(pem.utf8).write(to: URL(filePath: folder.path("\(name).pem")))
        }
        let time = "\(Int(AuthorityFixture.now.timeIntervalSince1970))"
        let result = try await ToolCommand.run(
            "openssl",
            [
                "verify", "-x509_strict", "-attime", time, "-purpose", purpose, "-CAfile", folder.path("ca.pem"),
                folder.path("leaf.pem"),
            ])
        return (result.output + result.errors).replacing("\(folder.path)/", with: "")
    }
}
