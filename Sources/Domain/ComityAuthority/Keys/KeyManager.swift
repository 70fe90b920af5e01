// SPDX-License-Identifier: Apache-2.0

/// Makes private keys and keeps them under names. All failures are ``AuthorityError``.
package protocol KeyManager: Sendable {
    /// Makes a new key, replacing the one of that name. The key is kept when this returns.
    func generateKey(id: String, type: KeyType) async throws -> SigningKey
    func key(id: String) async throws -> SigningKey?
    func keys() async throws -> [SigningKey]
}
