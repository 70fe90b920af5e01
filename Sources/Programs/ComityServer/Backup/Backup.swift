// SPDX-License-Identifier: Apache-2.0

import ComityKeys
import ComityStorage
package import FoundationEssentials
import Glibc
import SPIFFE

/// Takes what a server keeps into one file, whether it runs or not.
package struct Backup: Sendable {
    static let keysPart = "keys"
    private static let attempts = 10

    private let settings: ServerSettings
    private let files: KeptFiles

    package init(settings: ServerSettings) {
        self.settings = settings
        files = KeptFiles(settings)
    }

    /// Writes the file, in place of one that is there; whole or not at all.
    package func take(to path: String, now: Date) async throws -> BackupManifest {
        try refuseNothing()
        let draft = BackupFile(path: "\(path).\(getpid()).tmp")
        try draft.create()
        defer { for suffix in ["", "-journal"] { unlink(draft.path + suffix) } }
        let keys = try copy(to: draft)
        if files.database != nil {
            try await files.check(copy: SQLStore(copy: draft.path, trustDomain: files.trustDomain), keys: keys)
        }
        let manifest = BackupManifest(
            trustDomain: files.trustDomain.name, takenAt: now, holdsDatabase: files.database != nil,
            holdsKeys: keys != nil)
        var parts = [BackupManifest.part: try manifest.encoded()]
        parts[Self.keysPart] = keys
        try draft.write(parts)
        try PrivateFile(path: draft.path, kind: "backup").move(to: path)
        return manifest
    }

    /// Copies the database between two looks at the keys. When these are the same, keys and database belong to one
    /// moment: a rotation has at most made its key and not gone on.
    private func copy(to draft: BackupFile) throws -> [UInt8]? {
        var keys = try keyContent()
        for _ in 0..<Self.attempts {
            if let database = files.database { try draft.copy(database) }
            let present = try keyContent()
            if present == keys { return keys }
            keys = present
        }
        throw ServerError(
            .backup, "keys were replaced during each of \(Self.attempts) copies of the database; try again")
    }

    private func keyContent() throws -> [UInt8]? {
        guard let path = files.keys else { return nil }
        guard let content = try KeyFile(path: path).content() else {
            throw ServerError(.backup, "there is no key file \"\(path)\"; has this server run?")
        }
        return content
    }

    private func refuseNothing() throws(ServerError) {
        if case .temporary = settings.database {
            throw ServerError(.backup, "the database of this configuration is in memory and gone with the server")
        }
        guard files.database != nil || files.keys != nil else {
            throw ServerError(
                .backup, "this server keeps no files: its keys are in memory, and PostgreSQL is copied by pg_dump")
        }
    }
}
