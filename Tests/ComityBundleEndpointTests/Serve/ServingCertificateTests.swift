// SPDX-License-Identifier: Apache-2.0

import ComityBundleEndpoint
import ComityTesting
import Foundation
import Logging
import NIOSSL
import Testing

@Suite(.timeLimit(.minutes(1))) struct ServingCertificateTests {
    private let folder: TemporaryFolder
    private let ca: WebCA
    private let log = RecordedLog()

    init() throws {
        folder = try TemporaryFolder()
        ca = try WebCA()
    }

    @Test("FED-13: https_web from files, by curl with its own root") func servesFromFiles() async throws {
        try write(try ca.leaf("localhost"), at: 1)
        try Data(try ca.rootPEM().utf8).write(to: URL(filePath: folder.path("root.pem")))
        let certificate = try load()
        try await EndpointFixture().serve(with: certificate) { port in
            let arguments = ["--silent", "--cacert", folder.path("root.pem"), "https://localhost:\(port)/"]
            let result = try await ToolCommand.run("curl", ["--resolve", "localhost:\(port):127.0.0.1"] + arguments)
            #expect(result.exitCode == 0, "\(result.errors)")
            #expect(result.output.contains("\"keys\""))
        }
    }

    @Test func changedFilesAreLoadedAgain() throws {
        try write(try ca.leaf("localhost"), at: 1)
        let certificate = try load()
        let next = try ca.leaf("localhost")
        certificate.reload()
        #expect(log.lines("File change detected, reloading certificate and key...").isEmpty)
        try write(next, at: 2)
        certificate.reload()
        #expect(try certificate.current().chain.map { try $0.toDERBytes() } == next.derCertificates)
        #expect(log.lines("File change detected, reloading certificate and key...").count == 1)
        #expect(log.lines("Loaded provided certificate with success").count == 2)
    }

    @Test(arguments: ["garbage", "other key", "missing"])
    func unusableFilesLeaveTheOldPair(_ fault: String) throws {
        let first = try ca.leaf("localhost")
        try write(first, at: 1)
        let certificate = try load()
        var broken = try ca.leaf("localhost")
        switch fault {
        case "garbage": try Data("garbage".utf8).write(to: URL(filePath: folder.path("cert.pem")))
        case "missing": try FileManager.default.removeItem(atPath: folder.path("key.pem"))
        default:
            broken.key = first.key
            try write(broken, at: 2)
        }
        certificate.reload()
        #expect(try certificate.current().chain.map { try $0.toDERBytes() } == first.derCertificates)
        let line = try #require(log.lines.last)
        #expect(line.level == .error)
        #expect(line.message.hasPrefix("Failed to load certificate: "))

        // Tried again until it works.
        let next = try ca.leaf("localhost")
        try write(next, at: 3)
        certificate.reload()
        #expect(try certificate.current().chain.map { try $0.toDERBytes() } == next.derCertificates)
    }

    @Test func unusableFilesAtStartAreAnErrorThatNamesThem() throws {
        let error = try #require(throws: BundleEndpointError.self) { try load() }
        #expect(error.code == .certificate)
        #expect(error.message.contains(folder.path("cert.pem")))
    }

    @Test func watchesUntilCancelled() async throws {
        try write(try ca.leaf("localhost"), at: 1)
        let certificate = try load(interval: .milliseconds(1))
        let next = try ca.leaf("localhost")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await certificate.run() }
            try write(next, at: 2)
            let expected = try next.derCertificates
            while try certificate.current().chain.map({ try $0.toDERBytes() }) != expected { await Task.yield() }
            group.cancelAll()
        }
        #expect(log.lines("Started watching certificate files").first?.metadata["interval"] == "0.001 seconds")
        #expect(log.lines("Stopping file watcher").count == 1)
    }

    private func load(interval: Duration = .seconds(3600)) throws -> ServingCertificate {
        try ServingCertificate(
            certificatePath: folder.path("cert.pem"), keyPath: folder.path("key.pem"), interval: interval,
            logger: log.logger())
    }

    /// Writes the pair as if at that second; the key is never newer than the certificate.
    private func write(_ leaf: TestSVID, at second: TimeInterval) throws {
        for (name, text) in [("key.pem", try leaf.keyPEM), ("cert.pem", try leaf.certificatesPEM)] {
            try Data(text.utf8).write(to: URL(filePath: folder.path(name)), options: .atomic)
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: second)], ofItemAtPath: folder.path(name))
        }
    }
}
