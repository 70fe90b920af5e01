// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority
import Synchronization

/// Keeps keys in one file that only its owner may read, in the layout of SPIRE's `keys.json`.
///
/// No other process can have the file at the same time: each would write its own keys over those of the other.
package final class DiskKeyManager: KeyManager {
    private let lock: ProcessLock
    private let file: KeyFile
    private let held: Mutex<[String: SigningKey]>
    private let maker = KeyMaker()

    /// Reads the keys that are there. A missing file is made with the first key.
    package init(path: String) throws(AuthorityError) {
        lock = try ProcessLock(
            guarding: path, kind: "key file", cure: "give this server or agent a key file of its own")
        file = KeyFile(path: path)
        held = Mutex(try file.read())
    }

    package func generateKey(id: String, type: KeyType) async throws -> SigningKey {
        // The maker works one at a time, so that no write loses the key of another.
        try await maker.run { [self] in
            let key = try SigningKey(generating: type, id: id)
            var keys = held.withLock { $0 }
            keys[id] = key
            try file.write(keys)
            held.withLock { $0 = keys }
            return key
        }
    }

    package func key(id: String) async throws -> SigningKey? {
        held.withLock { $0[id] }
    }

    package func keys() async throws -> [SigningKey] {
        held.withLock { $0.values.sorted { $0.id < $1.id } }
    }
}
