// SPDX-License-Identifier: Apache-2.0

package import FoundationEssentials
import SPIFFE

/// What a backup says about itself.
package struct BackupManifest: Codable, Hashable, Sendable {
    static let version = 1

    package var version = Self.version
    package var trustDomain: String
    package var takenAt: Date
    package var holdsDatabase: Bool
    package var holdsKeys: Bool

    enum CodingKeys: String, CodingKey {
        case version
        case trustDomain = "trust_domain"
        case takenAt = "taken_at"
        case holdsDatabase = "database"
        case holdsKeys = "keys"
    }

    /// For people.
    package var contents: String {
        switch (holdsDatabase, holdsKeys) {
        case (true, true): "database and keys"
        case (true, false): "database"
        default: "keys"
        }
    }

    /// Refuses what does not fit the server that it is for.
    func check(for files: KeptFiles) throws(ServerError) {
        guard version == Self.version else {
            throw ServerError(
                .backup, "backup is of version \(version), this program knows \(Self.version); use the newer program")
        }
        guard trustDomain == files.trustDomain.name else {
            throw ServerError(
                .backup,
                """
                backup is of trust domain "\(trustDomain)", the configuration is for "\(files.trustDomain.name)"; \
                name the configuration of that server by -config
                """)
        }
        guard holdsDatabase == (files.database != nil) else {
            throw ServerError(
                .backup,
                holdsDatabase
                    ? "backup holds a SQLite database, the configuration names another kind; set database_type"
                    : "backup holds keys only, as of a server on PostgreSQL; the configuration names SQLite")
        }
        guard holdsKeys == (files.keys != nil) else {
            throw ServerError(
                .backup,
                holdsKeys
                    ? "backup holds keys, but the configuration keeps keys in memory; use KeyManager \"disk\""
                    : "backup holds no keys, as of a server that kept them in memory; use KeyManager \"memory\"")
        }
    }
}

extension BackupManifest {
    static let part = "manifest"

    init(bytes: [UInt8]) throws(ServerError) {
        do {
            self = try JSONDecoder().decode(BackupManifest.self, from: Data(bytes))
        } catch {
            throw ServerError(.backup, "backup does not say what it is of", cause: error)
        }
    }

    func encoded() throws -> [UInt8] {
        Array(try JSONEncoder().encode(self))
    }
}
