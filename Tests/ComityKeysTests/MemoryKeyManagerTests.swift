// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityKeys
import ComityTesting
import Testing
import X509

@Suite struct MemoryKeyManagerTests {
    @Test func keepsAndReplacesByName() async throws {
        let keys = MemoryKeyManager()
        #expect(try await keys.key(id: "x509-CA-A") == nil)
        let first = try await keys.generateKey(id: "x509-CA-A", type: .ecP256)
        #expect(try await keys.key(id: "x509-CA-A")?.publicKey == first.publicKey)
        let second = try await keys.generateKey(id: "x509-CA-A", type: .rsa2048)
        _ = try await keys.generateKey(id: "JWT-Signer-A", type: .ecP384)
        #expect(try await keys.keys().map(\.id) == ["JWT-Signer-A", "x509-CA-A"])
        #expect(try await keys.key(id: "x509-CA-A")?.publicKey == second.publicKey)
    }
}
