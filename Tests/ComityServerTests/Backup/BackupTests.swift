// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityRegistry
import ComityServer
import ComityStorage
import ComityTesting
import Foundation
import SPIFFE
import ServerAPIProtos
import SwiftProtobuf
import Testing

@Suite struct BackupTests {
    private let folder: TemporaryFolder
    private let settings: ServerSettings
    private var path: String { folder.path("backup.db") }

    init() throws {
        folder = try TemporaryFolder()
        settings = try Self.settings(in: folder.path)
    }

    private static func settings(in folder: String) throws -> ServerSettings {
        var settings = try ServerFixture.settings(folder: folder)
        settings.keys = .disk(path: "\(folder)/data/keys.json")
        return settings
    }

    private func take() async throws -> BackupManifest {
        try await Backup(settings: settings).take(to: path, now: Date())
    }

    private func restore() async throws -> Restoration.Outcome {
        try await Restoration(settings: settings).run(from: path, now: Date())
    }

    // MARK: - Putting back

    @Test func putsBackWhatAServerHadWhileItRan() async throws {
        let (before, after) = try await ServerFixture.with(settings) { server in
            try await server.createEntry("/before")
            let before = try await server.served()
            let manifest = try await take()
            #expect(manifest.holdsDatabase && manifest.holdsKeys && manifest.trustDomain == "example.org")
            try await server.createEntry("/after")
            try await server.rotate()
            return (before, try await server.served())
        }
        #expect(after.x509Authorities.count == 2)
        let outcome = try await restore()
        #expect(
            outcome.kept.allSatisfy { $0.contains(".before-restore-") && FileManager.default.fileExists(atPath: $0) })
        #expect(outcome.kept.count >= 2)
        try await ServerFixture.with(settings) { server in
            let paths = try await server.entryPaths()
            #expect(paths == ["/before"])
            let bundle = try await server.served()
            #expect(bundle.x509Authorities == before.x509Authorities)
            #expect(bundle.jwtAuthorities == before.jwtAuthorities)
            // Or partners would take it for an old one.
            #expect(bundle.sequenceNumber > after.sequenceNumber)
        }
    }

    @Test("a backup taken at any moment of a rotation can be put back")
    func fitsTogetherWhileKeysRotate() async throws {
        try await ServerFixture.with(settings) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for _ in 0..<30 { try await server.rotate() }
                }
                for number in 0..<10 {
                    _ = try await take()
                    let other = try Self.settings(in: folder.path("other-\(number)"))
                    try FileManager.default.createDirectory(
                        atPath: other.dataFolder, withIntermediateDirectories: true)
                    _ = try await Restoration(settings: other).run(from: path, now: Date())
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func keepsTheBackupPrivate() async throws {
        try await ServerFixture.with(settings) { _ in _ = try await take() }
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        _ = try await take()
        let restored = try await restore()
        for file in [path, folder.path("data/keys.json"), folder.path("data/datastore.sqlite3")] + restored.kept {
            let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
            #expect(mode == 0o600, "\(file)")
        }
        // The key file is the only place of keys again.
        let keys = try String(contentsOfFile: folder.path("data/keys.json"), encoding: .utf8)
        let key = String(try #require(keys.split(separator: "\"").first { $0.count > 100 }))
        let database = try Data(contentsOf: URL(filePath: folder.path("data/datastore.sqlite3")))
        #expect(database.firstRange(of: Data(key.utf8)) == nil)
    }

    @Test("a restore that was cut short at any step is finished by the next start", arguments: 0...3)
    func finishesWhatWasCutShort(step: Int) async throws {
        try await ServerFixture.with(settings) { server in
            try await server.createEntry("/before")
            _ = try await take()
            try await server.createEntry("/after")
        }
        let kept = try await restore().kept
        // As it was after so many steps: back from the last.
        let (database, keys) = (folder.path("data/datastore.sqlite3"), folder.path("data/keys.json"))
        let keptDatabase = try #require(kept.first { $0.contains("datastore") && !$0.hasSuffix("-wal") })
        let keptKeys = try #require(kept.first { $0.contains("keys.json") })
        try move(database, database + ".restored")
        if step < 3 { try move(keptDatabase, database) }
        if step < 2 { try move(keys, keys + ".restored") }
        if step < 1 { try move(keptKeys, keys) }
        let log = RecordedLog()
        try await ServerFixture.with(settings, log: log) { server in
            let paths = try await server.entryPaths()
            #expect(paths == ["/before"])
        }
        #expect(log.lines.contains { $0.message == "Restore was cut short and is finished now" })
        #expect(!FileManager.default.fileExists(atPath: database + ".restored"))
        #expect(!FileManager.default.fileExists(atPath: keys + ".restored"))
    }

    private func move(_ from: String, _ to: String) throws {
        try FileManager.default.moveItem(atPath: from, toPath: to)
    }

    // MARK: - Refusals

    @Test("what cannot be trusted is not put back, and nothing changes", arguments: Flaw.allCases)
    func refuses(flaw: Flaw) async throws {
        var settings = settings
        try await ServerFixture.with(settings) { server in
            for number in 0..<50 { try await server.createEntry("/workload/\(number)") }
            _ = try await take()
        }
        try await flaw.apply(to: path, &settings, in: folder)
        try await eventually("the server has closed its database") {
            FileManager.default.fileExists(atPath: folder.path("data/datastore.sqlite3-wal")) ? nil : true
        }
        let before = try contents()
        let error = await #expect(throws: (any Error).self) {
            try await Restoration(settings: settings).run(from: path, now: Date())
        }
        #expect(error.map { "\($0)".contains(flaw.message) } == true, "\(String(describing: error))")
        #expect(try contents() == before)
    }

    enum Flaw: CaseIterable {
        case cutOff, overwritten, noBackup, otherTrustDomain, otherKeys, keysInMemory

        var message: String {
            switch self {
            case .cutOff, .overwritten: "sound"
            case .noBackup: "is not a sound backup of \"comity server backup\""
            case .otherTrustDomain: "backup is of trust domain \"example.org\", the configuration is for \"other.test\""
            case .otherKeys: "keys and database do not belong together"
            case .keysInMemory: "use KeyManager \"disk\""
            }
        }

        func apply(to path: String, _ settings: inout ServerSettings, in folder: TemporaryFolder) async throws {
            var bytes = try Data(contentsOf: URL(filePath: path))
            switch self {
            case .cutOff: bytes.removeLast(bytes.count / 2)
            case .overwritten:
                for index in 4096 * 3..<bytes.count - 4096 * 3 where index % 4096 < 64 { bytes[index] = 0xa5 }
            case .noBackup: bytes = try Data(contentsOf: URL(filePath: folder.path("data/datastore.sqlite3")))
            case .otherTrustDomain: settings.authority.trustDomain = try TrustDomain("other.test")
            case .otherKeys:
                let backup = BackupFile(path: path)
                var parts = try backup.parts()
                let stranger = try BackupTests.settings(in: folder.path("stranger"))
                try await ServerFixture.with(stranger) { _ in }
                let keys = try Data(contentsOf: URL(filePath: folder.path("stranger/data/keys.json")))
                parts["keys"] = Array(keys)
                try backup.removeParts()
                try backup.write(parts)
                return
            case .keysInMemory: settings.keys = .memory
            }
            try bytes.write(to: URL(filePath: path))
        }
    }

    /// Every file of the server but those that only lock.
    private func contents() throws -> [String: Data] {
        let data = folder.path("data")
        let names = try FileManager.default.contentsOfDirectory(atPath: data).filter { !$0.hasSuffix(".lock") }
        return Dictionary(
            uniqueKeysWithValues: try names.map { ($0, try Data(contentsOf: URL(filePath: "\(data)/\($0)"))) })
    }

    @Test func saysThatThereIsNothingToCopy() async throws {
        var settings = settings
        func message() async -> String {
            do {
                _ = try await Backup(settings: settings).take(to: path, now: Date())
                return ""
            } catch {
                return "\(error)"
            }
        }
        #expect(await message().contains("has this server run?"))
        settings.database = .temporary
        #expect(await message().contains("is in memory"))
        settings.database = .postgres(PostgresSettings(connectionString: "dbname=registry"))
        settings.keys = .memory
        #expect(await message().contains("pg_dump"))
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test func holdsKeysOnlyWhenTheDatabaseIsElsewhere() async throws {
        try await ServerFixture.with(settings) { _ in }
        let keys = try Data(contentsOf: URL(filePath: folder.path("data/keys.json")))
        var shared = settings
        shared.database = .postgres(PostgresSettings(connectionString: "dbname=registry"))
        let manifest = try await Backup(settings: shared).take(to: path, now: Date())
        #expect(!manifest.holdsDatabase && manifest.holdsKeys)
        await #expect(throws: ServerError(.backup, "")) { try await restore() }
        try Data("{\"keys\": {}}".utf8).write(to: URL(filePath: folder.path("data/keys.json")))
        let kept = try await Restoration(settings: shared).run(from: path, now: Date()).kept
        #expect(try Data(contentsOf: URL(filePath: folder.path("data/keys.json"))) == keys)
        #expect(kept.count == 1)
    }

    // MARK: - Start

    @Test func refusesToStartEmptyBesideKeys() async throws {
        try await ServerFixture.with(settings) { _ in }
        let database = folder.path("data/datastore.sqlite3")
        try Data().write(to: URL(filePath: database))
        await #expect(throws: StorageError(.corrupt, "")) { try await ServerFixture.with(settings) { _ in } }
        #expect(try Data(contentsOf: URL(filePath: database)).isEmpty)
    }
}

extension ServerFixture {
    fileprivate func served() async throws -> Spire_Api_Types_Bundle {
        try await operate { try await Bundle(wrapping: $0).getBundle(.init()) }
    }

    fileprivate func createEntry(_ path: String) async throws {
        try await operate { client in
            let answer = try await Entry(wrapping: client).batchCreateEntry(
                .with {
                    $0.entries = [
                        .with {
                            $0.spiffeID.trustDomain = "example.org"
                            $0.spiffeID.path = path
                            $0.parentID.trustDomain = "example.org"
                            $0.parentID.path = "/node"
                            $0.selectors = [
                                .with {
                                    $0.type = "unix"
                                    $0.value = "uid:0"
                                }
                            ]
                        }
                    ]
                })
            #expect(answer.results.map(\.status.code) == [0])
        }
    }

    fileprivate func entryPaths() async throws -> [String] {
        try await operate { client in
            try await Entry(wrapping: client).listEntries(.init()).entries.map(\.spiffeID.path)
        }
    }

    fileprivate func rotate() async throws {
        try await operate { client in
            let authorities = LocalAuthority(wrapping: client)
            let prepared = try await authorities.prepareX509Authority(.init()).preparedAuthority
            _ = try await authorities.activateX509Authority(.with { $0.authorityID = prepared.authorityID })
        }
    }
}
