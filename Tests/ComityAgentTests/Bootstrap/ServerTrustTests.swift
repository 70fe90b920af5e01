// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import ComityTransport
import Foundation
import Logging
import SPIFFE
import Testing

@testable import ComityAgent

@Suite struct ServerTrustTests {
    private let ca: TestCA
    private let trust: ServerTrust

    init() throws {
        ca = try TestCA("alpha.test")
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        trust = ServerTrust(trustDomain: ca.trustDomain, logger: logger)
    }

    @Test func beforeABundleIsThereNoServerIsBelieved() async throws {
        let server = try serverCertificate(of: ca)
        await #expect(throws: AgentError(.bootstrap, "")) { try await verify(server) }

        trust.bundle = try ca.bundle
        try await verify(server)
        #expect(trust.unknownSince == nil)
    }

    @Test func anyServerIsBelievedOnlyWhenThatIsAskedFor() async throws {
        let stranger = try serverCertificate(of: try TestCA("alpha.test"))
        trust.believesAnyServer = true
        try await verify(stranger)
        await #expect(throws: SPIFFEError.self) { try await verify(try ca.leaf("/web")) }
        // A bundle ends that.
        trust.bundle = try ca.bundle
        await #expect(throws: SPIFFEError.self) { try await verify(stranger) }
    }

    @Test func serverOfAnUnknownAuthorityIsToldFromOneThatHasEnded() async throws {
        trust.bundle = try ca.bundle
        let ended = try ca.leaf("/spire/server") { $0.notAfter = Date(timeIntervalSinceNow: -1) }
        await #expect(throws: SPIFFEError.self) { try await verify(ended) }
        #expect(trust.unknownSince == nil)

        let stranger = try serverCertificate(of: try TestCA("alpha.test"))
        await #expect(throws: SPIFFEError.self) { try await verify(stranger) }
        let since = try #require(trust.unknownSince)
        await #expect(throws: SPIFFEError.self) { try await verify(stranger) }
        #expect(trust.unknownSince == since)
        try await verify(try serverCertificate(of: ca))
        #expect(trust.unknownSince == nil)
    }

    private func serverCertificate(of ca: TestCA) throws -> TestSVID {
        try ca.leaf("/spire/server") {
            $0.notBefore = Date(timeIntervalSinceNow: -60)
            $0.notAfter = Date(timeIntervalSinceNow: 600)
        }
    }

    private func verify(_ server: TestSVID) async throws {
        try await trust.tls.verifyServer(server.certificates)
    }
}
