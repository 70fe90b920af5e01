// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityKeys
import ComityTesting
import Foundation
import Testing
import X509

@Suite struct DiskKeyManagerTests {
    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        try await body(URL(filePath: try TemporaryFolder().path))
    }

    private func manager(_ folder: URL) throws -> DiskKeyManager {
        try DiskKeyManager(path: folder.appending(path: "keys.json").path)
    }

    @Test(arguments: KeyType.allCases) func keysComeBackAfterRestart(type: KeyType) async throws {
        try await withFolder { folder in
            let made = try await manager(folder).generateKey(id: "x509-CA-A", type: type)
            let found = try #require(try await manager(folder).key(id: "x509-CA-A"))
            #expect(found.type == type)
            #expect(found.publicKey == made.publicKey)
            let message = Array("message".utf8)
            #expect(try found.signature(for: message).count == made.signature(for: message).count)
        }
    }

    @Test func replacesKeyOfSameName() async throws {
        try await withFolder { folder in
            let keys = try manager(folder)
            let first = try await keys.generateKey(id: "x509-CA-A", type: .ecP256)
            let other = try await keys.generateKey(id: "x509-CA-B", type: .ecP256)
            let second = try await keys.generateKey(id: "x509-CA-A", type: .ecP384)
            #expect(first.publicKey != second.publicKey)
            let found = try await manager(folder).keys()
            #expect(found.map(\.id) == ["x509-CA-A", "x509-CA-B"])
            #expect(found.map(\.publicKey) == [second.publicKey, other.publicKey])
        }
    }

    @Test func writesTheLayoutOfSPIRE() async throws {
        try await withFolder { folder in
            let key = try await manager(folder).generateKey(id: "JWT-Signer-A", type: .ecP256)
            let text = try String(contentsOf: folder.appending(path: "keys.json"), encoding: .utf8)
            let base64 = Data(key.pkcs8DER).base64EncodedString()
            #expect(text == "{\n\t\"keys\": {\n\t\t\"JWT-Signer-A\": \"\(base64)\"\n\t}\n}\n")
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(files.sorted() == ["keys.json", "keys.json.lock"])
        }
    }

    @Test func onlyTheOwnerMayRead() async throws {
        try await withFolder { folder in
            let path = folder.appending(path: "keys.json").path
            try Data("{\"keys\":{}}".utf8).write(to: URL(filePath: path))
            #expect(chmod(path, 0o644) == 0)
            _ = try await manager(folder).generateKey(id: "x509-CA-A", type: .ecP256)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
    }

    static let damaged = [
        "", "{", "[]", "{}", "{\"keys\": []}", "{\"keys\": {\"x509-CA-A\": 1}}", "{\"keys\": {\"x509-CA-A\": \"%%\"}}",
        "{\"keys\": {\"x509-CA-A\": \"AAAA\"}}", "{\"keys\": {\"x509-CA-A\": \"\"}}",
    ]

    @Test(arguments: damaged) func refusesDamagedFileAndNamesTheWayBack(content: String) async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "keys.json")
            try Data(content.utf8).write(to: file)
            let error = #expect(throws: AuthorityError.self) { try manager(folder) }
            #expect(error?.code == .keyStorage)
            #expect(error?.message.contains(file.path) == true)
            #expect(error?.message.contains("comity server restore\"), or move it away") == true)
            #expect(try Data(contentsOf: file) == Data(content.utf8))
        }
    }

    @Test func refusesOversizedFile() async throws {
        try await withFolder { folder in
            try Data(repeating: 0x20, count: 1 << 21).write(to: folder.appending(path: "keys.json"))
            let error = #expect(throws: AuthorityError.self) { try manager(folder) }
            #expect(error?.message.contains("is larger than") == true)
        }
    }

    @Test func refusesWhatIsNoFile() async throws {
        try await withFolder { folder in
            let pipe = folder.appending(path: "keys.json").path
            #expect(mkfifo(pipe, 0o600) == 0)
            let error = #expect(throws: AuthorityError.self) { try manager(folder) }
            #expect(error?.message.contains("is not a regular file") == true)
        }
    }

    @Test func keepsOldKeyWhenTheFileCannotBeWritten() async throws {
        try await withFolder { folder in
            let keys = try manager(folder)
            let first = try await keys.generateKey(id: "x509-CA-A", type: .ecP256)
            try FileManager.default.removeItem(at: folder)
            let error = await #expect(throws: AuthorityError.self) {
                try await keys.generateKey(id: "x509-CA-A", type: .ecP256)
            }
            #expect(error?.message.contains("make its folder first") == true)
            #expect(try await keys.key(id: "x509-CA-A")?.publicKey == first.publicKey)
        }
    }

    @Test func losesNoKeyWhenManyAreMadeAtOnce() async throws {
        try await withFolder { folder in
            let keys = try manager(folder)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask { _ = try await keys.generateKey(id: "key-\(number)", type: .ecP256) }
                }
                try await group.waitForAll()
            }
            #expect(try await manager(folder).keys().count == 20)
        }
    }

    @Test func refusesAFileThatAnotherProcessHas() async throws {
        try await withFolder { folder in
            let keys = folder.appending(path: "keys.json").path
            let other = try ForeignLock(on: keys + ".lock")
            let error = #expect(throws: AuthorityError.self) { try manager(folder) }
            #expect(
                error?.message == """
                    key file "\(keys)" is in use by process \(other.processID); stop it or give this server or agent a \
                    key file of its own
                    """)
            #expect(!FileManager.default.fileExists(atPath: keys))
            other.release()
            _ = try manager(folder)
        }
    }

    static let foreign: [(KeyType, [String])] = [
        (.ecP256, ["EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
        (.ecP384, ["EC", "-pkeyopt", "ec_paramgen_curve:P-384"]), (.rsa2048, ["RSA"]),
        (.rsa4096, ["RSA", "-pkeyopt", "rsa_keygen_bits:4096"]),
    ]

    @Test(arguments: foreign) func readsPKCS8OfOpenSSL(type: KeyType, arguments: [String]) async throws {
        try await withFolder { folder in
            let file = folder.appending(path: "key.der")
            let result = try await ToolCommand.run(
                "openssl", ["genpkey", "-outform", "DER", "-out", file.path, "-algorithm"] + arguments)
            #expect(result.exitCode == 0)
            #expect(try SigningKey(pkcs8DER: Array(Data(contentsOf: file)), id: "key").type == type)
        }
    }

    @Test func showsNoSecret() async throws {
        let key = try await MemoryKeyManager().generateKey(id: "x509-CA-A", type: .ecP256)
        var dumped = ""
        dump(key, to: &dumped)
        #expect("\(key)" == "ec-p256 key \"x509-CA-A\"")
        #expect(!dumped.contains("material"))
    }
}
