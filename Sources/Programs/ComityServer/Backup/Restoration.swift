// SPDX-License-Identifier: Apache-2.0

import ComityKeys
import ComityStorage
package import FoundationEssentials
import Glibc
import SPIFFE

/// Puts a backup in the place of what a stopped server keeps: all of it or nothing.
package struct Restoration: Sendable {
    package struct Outcome: Sendable {
        package var manifest: BackupManifest
        /// Where that is what was there.
        package var kept: [String]
    }

    /// More changes than a server makes in a second, and some to spare.
    private static let leap: Int64 = 1000

    private let files: KeptFiles
    private let pending: PendingRestore

    package init(settings: ServerSettings) {
        files = KeptFiles(settings)
        pending = PendingRestore(files: files)
    }

    /// - Throws: Why nothing was changed.
    package func run(from path: String, now: Date) async throws -> Outcome {
        let backup = BackupFile(path: path)
        let parts = try backup.parts()
        guard let about = parts[BackupManifest.part] else {
            throw ServerError(.backup, "\"\(path)\" does not say what it is of; it was not made by \"server backup\"")
        }
        let manifest = try BackupManifest(bytes: about)
        try manifest.check(for: files)
        let locks = try files.lock()
        defer { withExtendedLifetime(locks) {} }
        try refuseOthersFiles()
        // One that was cut short comes first, so that nothing of it is lost.
        var kept = try pending.finish()
        do {
            try await stage(backup, keys: parts[Backup.keysPart], age: now.timeIntervalSince(manifest.takenAt))
        } catch {
            pending.discard()
            throw error
        }
        kept += try pending.finish()
        return Outcome(manifest: manifest, kept: kept)
    }

    /// Lays everything ready, checks it, and decides.
    private func stage(_ backup: BackupFile, keys: [UInt8]?, age: TimeInterval) async throws {
        guard let database = pending.database else {
            if let path = files.keys, let keys { _ = try KeyFile(path: path).keys(in: keys) }
            // Its name is the decision.
            try layReady(keys)
            return
        }
        let draft = BackupFile(path: "\(database).tmp")
        defer { for suffix in ["", "-journal"] { unlink(draft.path + suffix) } }
        try draft.create()
        try draft.copy(backup.path)
        try draft.removeParts()
        let store = try SQLStore(copy: draft.path, trustDomain: files.trustDomain)
        try await files.check(copy: store, keys: keys)
        try await store.raiseNumbers(by: Self.leap + Int64(max(0, age)), of: files.trustDomain)
        try layReady(keys)
        try PrivateFile(path: draft.path, kind: "database").move(to: database)
    }

    private func layReady(_ keys: [UInt8]?) throws {
        guard let path = pending.keys, let keys else { return }
        try PrivateFile(path: path).write(keys)
    }

    /// The server could not read what another user puts in its place.
    private func refuseOthersFiles() throws(ServerError) {
        for path in [files.database, files.keys].compactMap(\.self) {
            guard let owner = FileFacts(of: path)?.owner, owner != geteuid() else { continue }
            throw ServerError(
                .backup, "\"\(path)\" belongs to user \(owner); restore as that user, who runs the server")
        }
    }
}
