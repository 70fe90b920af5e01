// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityKeys
import ComityRegistry
import ComityStorage
import Glibc
import SPIFFE

/// The files in which a server keeps what it must not lose.
struct KeptFiles: Sendable {
    let trustDomain: TrustDomain
    /// Path of the SQLite file; `nil` when the database is elsewhere.
    let database: String?
    /// Path of the key file; `nil` when keys are in memory.
    let keys: String?

    init(_ settings: ServerSettings) {
        trustDomain = settings.trustDomain
        database =
            switch settings.database {
            case .file(let path): path
            case .temporary, .postgres: nil
            }
        keys =
            switch settings.keys {
            case .disk(let path): path
            case .memory: nil
            }
    }

    /// Keeps running servers away from the files, and is refused while one has them.
    func lock() throws(AuthorityError) -> [ProcessLock] {
        let cure = "name the configuration of a server that is stopped"
        var locks: [ProcessLock] = []
        if let database { locks.append(try ProcessLock(guarding: database, kind: "database", cure: cure)) }
        if let keys { locks.append(try ProcessLock(guarding: keys, kind: "key file", cure: cure)) }
        return locks
    }

    /// Finds out whether keys, journal and bundle belong together, so that a server on them goes on as before.
    ///
    /// - Parameters:
    ///   - copy: A copy of the database.
    ///   - content: Of the key file; `nil` when keys are in memory.
    func check(copy: SQLStore, keys content: [UInt8]?) async throws {
        guard let keys, let content else { return }
        let held = try KeyFile(path: keys).keys(in: content)
        guard let journal = try await copy.journal(of: Array(held.values)) else {
            throw ServerError(.backup, "keys and database do not belong together: it has no journal of these keys")
        }
        let bundle = try await copy.bundle(of: trustDomain)?.bundle ?? SPIFFEBundle(trustDomain: trustDomain)
        for kind in [AuthorityKind.x509, .jwt] where !journal[kind].isEmpty {
            let active = journal[kind].filter { $0.status == .active }
            guard let signer = active.first, active.count == 1 else {
                throw ServerError(.backup, "journal names \(active.count) active authorities of one kind, not one")
            }
            guard let key = held[signer.slot.keyID(kind)], signer.isUsable(kind, key: key, bundle: bundle) else {
                throw ServerError(
                    .backup, "active authority \(signer.authorityID) has no key, or is not in the bundle")
            }
        }
    }

    /// Refuses a database that lost everything: with its keys beside it, it was not empty before.
    func requireContent() throws {
        guard let database, let keys else { return }
        guard FileFacts(of: database)?.size == 0 else { return }
        guard try KeyFile(path: keys).content() != nil else { return }
        throw StorageError(
            .corrupt,
            """
            database "\(database)" is empty, but key file "\(keys)" beside it is not, so something was lost; put a \
            backup back by "comity server restore", or remove the empty file to start without entries
            """)
    }
}
