// SPDX-License-Identifier: Apache-2.0

import ComityAgent
import ComityTesting
import Foundation
import SPIFFE
import Testing

@Suite struct AgentStorageTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func remembersOverARestart() throws {
        let ca = try TestCA("alpha.test")
        let certificates = try ca.intermediate().leaf("/spire/agent/x").certificates.map { try X509Authority($0) }
        let authorities = try ca.bundle.x509Authorities
        try AgentStorage(folder: folder.path("a/b")).change { data in
            data.certificates = certificates
            data.authorities = authorities
            data.canReattest = true
        }

        let data = try AgentStorage(folder: folder.path("a/b")).data

        #expect(data.certificates == certificates)
        #expect(data.authorities == authorities)
        #expect(data.canReattest)
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.path("a/b/agent-data.json"))
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("the file is SPIRE's: a list of base64 of PEM for the SVID and one for the bundle")
    func writesSPIRELayout() throws {
        let ca = try TestCA("alpha.test")
        try AgentStorage(folder: folder.path).change { $0.authorities = (try? ca.bundle.x509Authorities) ?? [] }

        let content = try Data(contentsOf: URL(filePath: folder.path("agent-data.json")))
        let document = try #require(try JSONSerialization.jsonObject(with: content) as? [String: Any])

        #expect(document["svid"] as? [String] == [])
        #expect(document["reattestable"] as? Bool == false)
        let element = try #require((document["bundle"] as? [String])?.first)
        let pem = try #require(Data(base64Encoded: element)).map { UInt8($0) }
        #expect(String(decoding: pem, as: UTF8.self) == (try ca.bundle.pem))
    }

    @Test("members of SPIRE are read where they mean something here; others, absent and null ones do no harm")
    func readsSPIREFile() throws {
        let text =
            #"{"svid":null,"bootstrap_use":true,"bootstrap_start_time":"2026-01-01T00:00:00Z","connection_attempts":3}"#
        try Data(text.utf8).write(to: URL(filePath: folder.path("agent-data.json")))

        var expected = AgentData()
        expected.connectionAttempts = 3
        expected.bootstrapStart = Date(timeIntervalSince1970: 1_767_225_600)
        #expect(try AgentStorage(folder: folder.path).data == expected)
    }

    @Test(arguments: ["", "{", "[]", #"{"svid":[1]}"#, #"{"svid":["QQ=="]}"#, #"{"bundle":["%%"]}"#])
    func refusesDamagedFileAndLeavesIt(content: String) throws {
        let path = folder.path("agent-data.json")
        try Data(content.utf8).write(to: URL(filePath: path))

        let error = #expect(throws: AgentError.self) { try AgentStorage(folder: folder.path) }

        #expect(error?.code == .storage)
        #expect(error?.message.contains(path) == true)
        #expect(try Data(contentsOf: URL(filePath: path)) == Data(content.utf8))
    }

    @Test func refusesFolderThatIsAFile() throws {
        try Data().write(to: URL(filePath: folder.path("file")))

        let error = #expect(throws: AgentError.self) { try AgentStorage(folder: folder.path("file/data")) }

        #expect(error?.code == .storage)
        #expect(error?.message.contains("data_dir") == true)
    }

    @Test func changeThatCannotBeWrittenIsNotTaken() throws {
        let storage = try AgentStorage(folder: folder.path("data"))
        try FileManager.default.removeItem(atPath: folder.path("data"))

        #expect(throws: AgentError(.storage, "")) { try storage.change { $0.canReattest = true } }
        #expect(!storage.data.canReattest)
    }
}
