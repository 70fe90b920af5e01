// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
import Synchronization

/// Keeps keys in this process only: after a restart there are none.
package final class MemoryKeyManager: KeyManager {
    private let held = Mutex<[String: SigningKey]>([:])
    private let maker = KeyMaker()

    package init() {}

    package func generateKey(id: String, type: KeyType) async throws -> SigningKey {
        let key = try await maker.run { try SigningKey(generating: type, id: id) }
        held.withLock { $0[id] = key }
        return key
    }

    package func key(id: String) async throws -> SigningKey? {
        held.withLock { $0[id] }
    }

    package func keys() async throws -> [SigningKey] {
        held.withLock { $0.values.sorted { $0.id < $1.id } }
    }
}
