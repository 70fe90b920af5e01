// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTesting
import Foundation
import SPIFFE
import SwiftASN1
import Testing
import X509

@testable import ComityUpstream

@Suite struct DiskUpstreamAuthorityTests {
    /// The files of a CA, and who reads them.
    private struct Setting {
        let folder: TemporaryFolder
        let files: DiskUpstreamSettings
        let log = RecordedLog()

        init(hasBundle: Bool = true) throws {
            folder = try TemporaryFolder()
            files = DiskUpstreamSettings(
                certificatePath: folder.path("ca.pem"), keyPath: folder.path("ca.key"),
                bundlePath: hasBundle ? folder.path("roots.pem") : nil)
        }

        func write(_ ca: TestCA, key: Certificate.PrivateKey? = nil, roots: [TestCA]? = nil) throws {
            let chain = ca.intermediates.isEmpty ? [ca.root] : ca.intermediates
            try write(
                chain.map { try $0.serializeAsPEM().pemString }.joined(separator: "\n"), to: files.certificatePath)
            try write((key ?? ca.key).serializeAsPEM().pemString, to: files.keyPath)
            if let path = files.bundlePath {
                try write((roots ?? [ca]).map { try $0.rootPEM }.joined(), to: path)
            }
        }

        func write(_ text: String, to path: String) throws {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }

        func open() throws -> DiskUpstreamAuthority {
            try DiskUpstreamAuthority(
                files, trustDomain: try TrustDomain("example.org"), logger: log.logger(), now: { TestTime.now })
        }
    }

    private let template: X509CATemplate
    private let key: SigningKey

    init() throws {
        template = X509CATemplate(
            trustDomain: try TrustDomain("example.org"), ttl: 3600, subject: CASubject(organizations: ["Acme"]))
        key = try SigningKey(generating: .ecP256, id: "k")
    }

    private func mint(_ authority: DiskUpstreamAuthority) async throws -> CAChain {
        try await authority.mintX509CA(request: try template.request(by: key), ttl: template.ttl)
            .verified(publicKey: key.publicKey, trustDomain: template.trustDomain, now: TestTime.now)
    }

    @Test("a root in files signs directly below itself, in the server's name") func signsBelowARoot() async throws {
        let setting = try Setting(hasBundle: false)
        let ca = try TestCA("example.org")
        try setting.write(ca)
        let chain = try await mint(setting.open())
        #expect(chain.roots == [try X509Authority(ca.root)])
        #expect(chain.intermediates == [chain.certificate.derBytes])
        #expect(chain.certificate.certificate.subject.description.contains("O=Acme"))
        #expect(chain.certificate.certificate.notValidAfter == TestTime.now + 3600)
    }

    @Test("a CA below a root in files comes along in the chain, the root does not")
    func signsBelowAnIntermediate() async throws {
        let setting = try Setting()
        let root = try TestCA("example.org")
        let middle = try root.intermediate()
        try setting.write(middle)
        let chain = try await mint(setting.open())
        #expect(chain.roots == [try X509Authority(root.root)])
        #expect(chain.intermediates.count == 2)
        #expect(chain.intermediates.last == (try X509Authority(middle.certificate).derBytes))
    }

    @Test("files that are replaced are used for the next CA") func readsAnew() async throws {
        let setting = try Setting()
        try setting.write(try TestCA("example.org"))
        let authority = try setting.open()
        let (old, new) = (try await mint(authority), try TestCA("example.org"))
        try setting.write(new, roots: [new])
        let chain = try await mint(authority)
        #expect(chain.roots == [try X509Authority(new.root)] && chain.roots != old.roots)
    }

    @Test("files that cannot be used leave the last that could in use", arguments: ["ca.pem", "ca.key", "roots.pem"])
    func keepsWhatItHas(broken: String) async throws {
        let setting = try Setting()
        let ca = try TestCA("example.org")
        try setting.write(ca)
        let authority = try setting.open()
        try setting.write("-----BEGIN CERTIFICATE-----\ncut", to: setting.folder.path(broken))
        #expect(try await mint(authority).roots == [try X509Authority(ca.root)])
        #expect(setting.log.lines.contains { $0.message.hasPrefix("Upstream CA files cannot be used") })
        try setting.write(ca)
        _ = try await mint(authority)
        #expect(setting.log.lines.count == 1)
    }

    @Test func refusesWhatDoesNotFitTogether() throws {
        let (root, other) = (try TestCA("example.org"), try TestCA("example.org"))
        let leaf = try root.leaf("/workload")
        for (fault, change): (String, (Setting) throws -> Void) in [
            ("is not the key of the certificate", { try $0.write(root, key: other.key) }),
            ("is signed by none of the roots", { try $0.write(try root.intermediate(), roots: [other]) }),
            ("cannot be read", { try FileManager.default.removeItem(atPath: $0.files.keyPath) }),
            ("is not a private key in PEM", { try $0.write("nothing", to: $0.files.keyPath) }),
            (
                "is not valid now",
                { try $0.write(try TestCA("example.org") { $0.notAfter = TestTime.past }) }
            ),
            (
                "is not a CA",
                {
                    try $0.write(leaf.certificates[0].serializeAsPEM().pemString, to: $0.files.certificatePath)
                    try $0.write(leaf.key.serializeAsPEM().pemString, to: $0.files.keyPath)
                }
            ),
        ] {
            let setting = try Setting()
            try setting.write(root)
            try change(setting)
            let error = #expect(throws: AuthorityError.self) { try setting.open() }
            #expect(error?.message.contains(fault) == true, "\(fault): \(String(describing: error))")
        }
        let alone = try Setting(hasBundle: false)
        try alone.write(try root.intermediate())
        let error = #expect(throws: AuthorityError.self) { try alone.open() }
        #expect(error?.message.contains("set bundle_file_path") == true)
    }

    @Test func takesNoJWTKeys() async throws {
        let setting = try Setting()
        try setting.write(try TestCA("example.org"))
        let authority = try setting.open()
        #expect(try await authority.publish(TestJWTKey().authority, expiresAt: TestTime.now) == nil)
        #expect(try await authority.bundle() == nil)
    }
}
