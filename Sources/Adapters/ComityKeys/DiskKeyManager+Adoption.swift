// SPDX-License-Identifier: Apache-2.0

package import ComityAuthority

extension DiskKeyManager {
    /// Reads a key file that is another program's; nothing is made beside it.
    package static func keys(inFile path: String) throws(AuthorityError) -> [SigningKey] {
        let keys = try KeyFile(path: path).read()
        guard !keys.isEmpty else {
            throw AuthorityError(.keyStorage, "key file \"\(path)\" is missing or holds no keys; name the right one")
        }
        return keys.values.sorted { $0.id < $1.id }
    }

    /// Makes a key file of keys that are there already.
    ///
    /// - Returns: whether it was made; a file of the same keys stays.
    /// - Throws: ``AuthorityError`` when there is a file of other keys, which stays too.
    package static func makeFile(path: String, keys: [SigningKey]) throws(AuthorityError) -> Bool {
        let lock = try ProcessLock(guarding: path, kind: "key file", cure: "name another keys_path")
        defer { withExtendedLifetime(lock) {} }
        guard try !hasFile(path: path, of: keys) else { return false }
        try KeyFile(path: path).write(Dictionary(uniqueKeysWithValues: keys.map { ($0.id, $0) }))
        return true
    }

    /// Says whether there is a key file of just these keys.
    ///
    /// - Throws: ``AuthorityError`` when there is one of other keys.
    package static func hasFile(path: String, of keys: [SigningKey]) throws(AuthorityError) -> Bool {
        let present = try KeyFile(path: path).read()
        guard !present.isEmpty else { return false }
        guard present.count == keys.count, keys.allSatisfy({ present[$0.id]?.pkcs8DER == $0.pkcs8DER }) else {
            throw AuthorityError(.keyStorage, "key file \"\(path)\" holds other keys; name another keys_path")
        }
        return true
    }
}
