// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import SPIFFEWorkloadAPI
import Testing

/// Bundles carried by an operator, with nothing that polls; and what a workload then believes.
@Suite(.serialized) struct TrustByHandTests {
    @Test(
        "FED-39, S43 S68 S69 S70 S72: trust goes one way until both hold a bundle, ages until it is set again, and is never pooled",
        .timeLimit(.minutes(2)))
    func trustsWhatWasSet() async throws {
        let (one, two) = (try Deployment("one.test"), try Deployment("two.test"))
        for domain in [one, two] {
            try domain.writeServerConfiguration()
            try domain.writeAgentConfiguration()
        }
        async let starting = one.startServer()
        let (secondServer, firstServer) = (try await two.startServer(), try await starting)
        async let attesting = one.startAgent()
        let (secondAgent, firstAgent) = (try await two.startAgent(), try await attesting)
        defer { withExtendedLifetime((firstServer, secondServer, firstAgent, secondAgent)) {} }
        let early = try await one.server(
            "entry", "create", "-parentID", "spiffe://one.test/node", "-spiffeID", "spiffe://one.test/early",
            "-selector", "unix:uid:99999", "-federatesWith", "spiffe://two.test"
        ).check()
        #expect(early.errors.hasPrefix("warning: no bundle of \"two.test\" is there yet"), "\(early.errors)")
        try await one.createEntry("/web", federatesWith: ["two.test"])
        try await two.createEntry("/web", federatesWith: ["one.test"])

        try await trustOneWay(one, two)
        try await trustBothWays(one, two)
        #expect(firstServer.lines("Polling for bundle update").isEmpty)
        try await trustAgesAndHeals(one, two)
        try await trustIsNotPooled(one, two)
    }

    private func trustOneWay(_ one: Deployment, _ two: Deployment) async throws {
        let warned = try await setBundle(of: two, at: one)
        #expect(warned.output == "bundle set.\n")
        #expect(warned.errors.contains("nothing refreshes this bundle; its first authority ends at "))
        let (inOne, inTwo) = (
            try await one.x509Context { $0.bundles.trustDomains.count == 2 }, try await two.x509Context { _ in true }
        )

        #expect(try verify(inTwo, by: inOne).id.uri == "spiffe://two.test/web")
        #expect(try message { try verify(inOne, by: inTwo) }.contains("no X.509 bundle for trust domain \"one.test\""))
        let token = try await one.fetchToken(for: "two")
        let refused = try await two.agent("api", "validate", "jwt", "-audience", "two", "-svid", token)
        #expect(refused.exitCode != 0)
        #expect(refused.errors.contains("one.test"))
    }

    private func trustBothWays(_ one: Deployment, _ two: Deployment) async throws {
        try await setBundle(of: one, at: two)
        let inTwo = try await two.x509Context { $0.bundles.trustDomains.count == 2 }
        let inOne = try await one.x509Context { _ in true }
        #expect(try verify(inOne, by: inTwo).id.uri == "spiffe://one.test/web")
        let token = try await one.fetchToken(for: "two")
        let accepted = try await two.agent("api", "validate", "jwt", "-audience", "two", "-svid", token).check()
        #expect(accepted.output.contains("SPIFFE ID : spiffe://one.test/web\n"))
    }

    private func trustAgesAndHeals(_ one: Deployment, _ two: Deployment) async throws {
        let before = try await two.x509Context { _ in true }
        let prepared = try await two.server("localauthority", "x509", "prepare", "-output", "json").check().output
        let id = try #require(prepared.firstMatch(of: /"authority_id": *"([0-9a-f]+)"/)?.output.1)
        try await two.server("localauthority", "x509", "activate", "-authorityID", String(id)).check()
        try await two.createEntry("/newer")
        let after = try await two.x509Context { $0.credential(path: "/newer") != nil }
        let newer = try #require(after.credential(path: "/newer"))

        let stale = try await one.x509Context { _ in true }
        #expect(try verify(before, by: stale).id.uri == "spiffe://two.test/web")
        #expect(try message { try verify(newer, by: stale) }.contains("signed by unknown authority"))
        try await setBundle(of: two, at: one)
        let fresh = try await one.x509Context { bundles in
            bundles.bundles.trustDomains.contains { bundles.bundles[$0]?.x509Authorities.count == 2 }
        }
        #expect(try verify(newer, by: fresh).id.uri == "spiffe://two.test/newer")
    }

    /// A root that one trusts, though not for the trust domain that the SVID claims.
    private func trustIsNotPooled(_ one: Deployment, _ two: Deployment) async throws {
        let other = try TestCA("two.test")
        let pem = try other.rootPEM
        try await one.server("bundle", "set", "-id", "two.test", input: pem).check()
        try await setBundle(of: two, at: one, as: "three.test")
        try await one.createEntry("/friend-of-three", federatesWith: ["two.test", "three.test"])
        let inOne = try await one.x509Context { $0.bundles.trustDomains.count == 3 }
        let inTwo = try await two.x509Context { _ in true }

        #expect(try message { try verify(inTwo, by: inOne) }.contains("signed by unknown authority"))
        let accepted = try other.leaf("/web").unverified().verified(by: inOne.bundles, at: .now)
        #expect(accepted.id.uri == "spiffe://two.test/web")
    }

    // MARK: - Steps

    @discardableResult
    private func setBundle(
        of domain: Deployment, at other: Deployment, as name: String? = nil
    ) async throws -> ToolCommand.Result {
        let document = try await domain.server("bundle", "show", "-format", "spiffe").check().output
        let file = other.folder.path("bundle.of-\(domain.trustDomain)")
        try document.write(toFile: file, atomically: true, encoding: .utf8)
        return try await other.server(
            "bundle", "set", "-format", "spiffe", "-id", "spiffe://\(name ?? domain.trustDomain)", "-path", file
        ).check()
    }

    @discardableResult
    private func verify(_ presented: X509Context, by trusting: X509Context) throws -> X509SVID {
        try verify(try #require(presented.credential(path: "/web")), by: trusting)
    }

    @discardableResult
    private func verify(_ presented: X509Credential, by trusting: X509Context) throws -> X509SVID {
        try UnverifiedX509SVID(certificates: presented.certificates).verified(by: trusting.bundles, at: .now)
    }

    private func message(_ refused: () throws -> X509SVID) throws -> String {
        do {
            return "accepted \(try refused().id)"
        } catch let error as SPIFFEError {
            return "\(error)"
        }
    }
}
