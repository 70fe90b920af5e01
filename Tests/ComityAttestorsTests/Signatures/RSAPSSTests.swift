// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Crypto
import Foundation
import Testing
import _CryptoExtras

@testable import ComityAttestors

@Suite struct RSAPSSTests {
    private let message = Array("what both sides agreed on".utf8)

    @Test func acceptsTheLibrarysSignaturesAndNoChangedOnes() throws {
        let key = try _RSA.Signing.PrivateKey(keySize: .bits2048)
        let digest = SHA256.hash(data: message)
        let signature = Array(try key.signature(for: digest, padding: .PSS).rawRepresentation)

        #expect(RSAPSS.isValidSignature(signature, for: digest, by: key.publicKey))
        #expect(!RSAPSS.isValidSignature(signature, for: SHA256.hash(data: [1]), by: key.publicKey))
        var random = SeededGenerator(seed: 7)
        for _ in 0..<50 {
            let changed = random.mutate(signature)
            #expect(changed == signature || !RSAPSS.isValidSignature(changed, for: digest, by: key.publicKey))
        }
        let other = try key.signature(for: digest, padding: .insecurePKCS1v1_5)
        #expect(!RSAPSS.isValidSignature(Array(other.rawRepresentation), for: digest, by: key.publicKey))
    }

    /// Go, and so SPIRE's agent, signs with the longest salt; sizes of keys that are no whole bytes move the first bit.
    @Test(arguments: [(2048, "max"), (2048, "digest"), (2048, "0"), (3072, "max"), (2049, "max"), (2055, "20")])
    func acceptsSaltsOfEveryLengthByOpenSSL(bits: Int, salt: String) async throws {
        let folder = try TemporaryFolder()
        try Data(message).write(to: URL(filePath: folder.path("message")))
        let key = folder.path("key.pem")
        try await openssl("genrsa", "-out", key, "\(bits)")
        try await openssl("rsa", "-in", key, "-pubout", "-out", folder.path("public.pem"))
        try await openssl(
            "dgst", "-sha256", "-sign", key, "-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:\(salt)",
            "-sigopt", "rsa_mgf1_md:sha256", "-out", folder.path("signature"), folder.path("message"))
        let signature = [UInt8](try Data(contentsOf: URL(filePath: folder.path("signature"))))
        let publicKey = try _RSA.Signing.PublicKey(
            pemRepresentation: String(contentsOfFile: folder.path("public.pem"), encoding: .utf8))

        #expect(RSAPSS.isValidSignature(signature, for: SHA256.hash(data: message), by: publicKey))
        #expect(!RSAPSS.isValidSignature(signature, for: SHA256.hash(data: [1]), by: publicKey))
    }

    @Test func refusesNumbersThatAreNoKeyOrNoSignature() {
        #expect(RSAPublicOperation(modulus: [], exponent: [3]) == nil)
        #expect(RSAPublicOperation(modulus: [4], exponent: [3]) == nil)
        #expect(RSAPublicOperation(modulus: [7], exponent: [1]) == nil)
        #expect(RSAPublicOperation(modulus: [UInt8](repeating: 0xFF, count: 1025), exponent: [3]) == nil)
        #expect(RSAPublicOperation(modulus: [0xFF], exponent: [UInt8](repeating: 0xFF, count: 5)) == nil)
        let operation = RSAPublicOperation(modulus: [0, 33], exponent: [3])
        #expect(operation?.message(of: [2]) == [8])
        #expect(operation?.message(of: [33]) == nil)
        #expect(operation?.message(of: [0, 2]) == nil)
    }

    private func openssl(_ arguments: String...) async throws {
        let result = try await ToolCommand.run("openssl", arguments)
        #expect(result.exitCode == 0, "\(result.errors)")
    }
}
