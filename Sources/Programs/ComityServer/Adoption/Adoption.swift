// SPDX-License-Identifier: Apache-2.0

import ComityKeys
import ComityStorage
import Glibc
import Logging

/// Takes a stopped SPIRE server's place: the same authorities, entries, agents, bundles and relationships.
package struct Adoption: Sendable {
    /// What is being done, for whoever waits.
    package typealias Progress = @Sendable (String) -> Void

    /// The largest journal that is read, in bytes.
    private static let largestJournal = 1 << 20

    private let source: AdoptionSource
    /// The server that goes on.
    private let settings: ServerSettings
    private let progress: Progress

    package init(source: AdoptionSource, settings: ServerSettings, progress: @escaping Progress = { _ in }) {
        self.source = source
        self.settings = settings
        self.progress = progress
    }

    /// Reads the source and looks at the target; changes neither.
    package func plan() async throws -> AdoptionPlan {
        progress("looking at the database and the key file of the configuration")
        let keysPath = try targetKeysPath()
        guard try await targetIsEmpty() else {
            throw ServerError(
                .adoption, "the database of the configuration holds a registry already; name an empty one")
        }
        progress("reading the keys of \"\(source.keysPath)\"")
        let keys = try DiskKeyManager.keys(inFile: source.keysPath)
        guard !isSameFile(keysPath, source.keysPath) else {
            throw ServerError(
                .adoption, "keys_path of the configuration names the key file that is adopted; name another file")
        }
        let journal = try source.journalPath.map { path in
            guard let bytes = try PrivateFile(path: path, kind: "CA journal").read(atMost: Self.largestJournal) else {
                throw ServerError(.adoption, "CA journal \"\(path)\" is missing")
            }
            return bytes
        }
        progress("reading the database")
        let database = try await source.database.read()
        let plan = AdoptionPlan(of: database, keys: keys, journalFile: journal, trustDomain: settings.trustDomain)
        _ = try DiskKeyManager.hasFile(path: keysPath, of: plan.keys)
        return plan
    }

    /// Does what the plan says, all of it or nothing.
    package func perform(_ plan: AdoptionPlan) async throws {
        try DataFolder(path: settings.dataFolder).prepare()
        let keysPath = try targetKeysPath()
        switch settings.database {
        case .file(let path):
            let lock = try ProcessLock(guarding: path, kind: "database", cure: "name another one")
            defer { withExtendedLifetime(lock) {} }
            try await fill(keysPath, with: plan) { try SQLStore(path: path, trustDomain: settings.trustDomain) }
        case .temporary: throw Self.needsDisk
        case .postgres(let postgres):
            let logger = Logger(label: "adopt") { _ in SwiftLogNoOpLogHandler() }
            try await fill(keysPath, with: plan) {
                try await SQLStore(postgres: postgres, trustDomain: settings.trustDomain, logger: logger)
            }
        }
    }

    /// Keys first: a journal must never name one that is not there. A key file without journal is of no consequence,
    /// and the next try takes it as it is.
    private func fill(
        _ keysPath: String, with plan: AdoptionPlan, _ open: () async throws -> SQLStore
    ) async throws {
        progress("writing the keys to \"\(keysPath)\"")
        let isMade = try DiskKeyManager.makeFile(path: keysPath, keys: plan.keys)
        do {
            progress("writing \(plan.content.entries.count) entries, \(plan.content.nodes.count) agents and the rest")
            try await open().fill(with: plan.content)
        } catch {
            // Whether a commit came through is not known when the database went away with it: then the keys stay.
            if isMade, (try? await targetIsEmpty()) == true { unlink(keysPath) }
            throw error
        }
    }

    // MARK: - Target

    private func targetKeysPath() throws -> String {
        guard case .disk(let path) = settings.keys, settings.database != .temporary else { throw Self.needsDisk }
        return path
    }

    private func targetIsEmpty() async throws -> Bool {
        switch settings.database {
        case .file(let path): try SQLStore.canFill(path: path, trustDomain: settings.trustDomain)
        case .temporary: false
        case .postgres(let postgres):
            try await SQLStore.canFill(postgres: postgres, trustDomain: settings.trustDomain)
        }
    }

    private func isSameFile(_ first: String, _ second: String) -> Bool {
        guard let one = realpath(first, nil), let other = realpath(second, nil) else { return false }
        defer {
            free(one)
            free(other)
        }
        return strcmp(one, other) == 0
    }

    private static let needsDisk = ServerError(
        .adoption, "what is adopted must last: configure KeyManager \"disk\" and a DataStore that is not in memory")
}
