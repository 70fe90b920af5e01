// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import ComityTransport
import Foundation
import GRPCCore
import GRPCProtobuf
import SPIFFE
import ServerAPIProtos
import Testing

/// Callers that may do one thing of an administrator's.
@Suite(.serialized) struct AllowListTests {
    typealias Entry = Spire_Api_Server_Entry_V1_Entry.Client<GRPCConnection>

    @Test("a caller of the allow-list may call its methods, nobody else may, and it may call nothing else")
    func allowsOneMethod() async throws {
        let domain = try Deployment("one.test")
        try domain.writeServerConfiguration(
            server: #"authorization { allow "spiffe://one.test/ci" { methods = ["Entry/CountEntries"] } }"#)
        let server = try await domain.startServer()
        defer { withExtendedLifetime(server) {} }
        try await domain.createEntry("/web")

        let listed = try await caller("/ci", of: domain)
        let counted = try await listed.call { try await Entry(wrapping: $0).countEntries(.init()) }
        #expect(counted.count == 1)
        try await refused(listed, "ListEntries") { _ = try await $0.listEntries(.init()) }
        try await refused(listed, "BatchDeleteEntry") { _ = try await $0.batchDeleteEntry(.init()) }
        let other = try await caller("/cd", of: domain)
        try await refused(other, "CountEntries") { _ = try await $0.countEntries(.init()) }
        try await server.line("RPC finished", "method=CountEntries", "authorized_as=allowed", "authorized_via=config")
    }

    private func refused(
        _ node: RawNode, _ method: String, _ call: @Sendable (Entry) async throws -> Void
    ) async throws {
        try await node.call { client in
            let error = await #expect(throws: RPCError.self) { try await call(Entry(wrapping: client)) }
            #expect(error?.code == .permissionDenied)
            #expect(error?.message == "authorization denied for method /spire.api.server.entry.v1.Entry/\(method)")
        }
    }

    private func caller(_ path: String, of domain: Deployment) async throws -> RawNode {
        let folder = domain.folder.path("svid-\(path.dropFirst())")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try await domain.server("x509", "mint", "-spiffeID", "spiffe://one.test\(path)", "-write", folder).check()
        func file(_ name: String) throws -> String { try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) }
        var node = try await RawNode(of: domain)
        node.credential = try X509Credential(certificatesPEM: file("svid.pem"), privateKeyPEM: file("key.pem"))
        return node
    }
}
