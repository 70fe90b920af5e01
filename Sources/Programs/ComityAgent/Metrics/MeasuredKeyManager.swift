// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTelemetry

/// A key manager whose work is told of.
struct MeasuredKeyManager: KeyManager {
    let keyManager: any KeyManager
    let instruments: Instruments

    func generateKey(id: String, type: KeyType) async throws -> SigningKey {
        try await instruments.measure(.keyGeneration) { try await keyManager.generateKey(id: id, type: type) }
    }

    func key(id: String) async throws -> SigningKey? {
        try await instruments.measure(.keyFetch) { try await keyManager.key(id: id) }
    }

    func keys() async throws -> [SigningKey] {
        try await instruments.measure(.keyFetch) { try await keyManager.keys() }
    }
}
