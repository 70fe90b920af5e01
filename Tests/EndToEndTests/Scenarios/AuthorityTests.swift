// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import SPIFFEWorkloadAPI
import Testing

/// What operators do with authorities, and what workloads see of it.
@Suite(.serialized) struct AuthorityTests {
    @Test(
        "S13: taint renews every SVID and revoke ends the trust, at home and where a static copy does not follow",
        .timeLimit(.minutes(2)))
    func distrustsAnAuthority() async throws {
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
        try await one.bootstrap(from: two)
        try await one.createEntry("/web", federatesWith: ["two.test"])
        try await two.createEntry("/web")

        let inTwo = try await two.x509Context { _ in true }
        let inOne = try await one.x509Context { $0.bundles.trustDomains.count == 2 }
        let before = try #require(inTwo.credential(path: "/web"))
        #expect(try verify(before, by: inOne.bundles).id.uri == "spiffe://two.test/web")
        let (token, newToken) = try await taint(two)

        // The half-life of both is far away.
        let renewed = try await two.x509Context { $0.credential(path: "/web")?.leaf != before.leaf }
        let after = try #require(renewed.credential(path: "/web"))
        #expect(renewed.bundles.firstBundle?.x509Authorities.count == 2)
        try await secondAgent.line("Rotating agent SVID")
        #expect(try verify(before, by: renewed.bundles).id == before.id)
        #expect(try verify(after, by: renewed.bundles).id == before.id)
        #expect(throws: SPIFFEError.self) { try verify(after, by: inOne.bundles) }

        try await revoke(two)
        let left = try await two.x509Context { $0.bundles.firstBundle?.x509Authorities.count == 1 }
        #expect(try verify(after, by: left.bundles).id == before.id)
        #expect(throws: SPIFFEError.self) { try verify(before, by: left.bundles) }
        let old = try await two.agent("api", "validate", "jwt", "-audience", "db", "-svid", token)
        #expect(old.exitCode != 0)
        try await two.agent("api", "validate", "jwt", "-audience", "db", "-svid", newToken).check()
        // At home it goes on as before.
        let home = try await one.x509Context { _ in true }
        #expect(
            try verify(try #require(home.credential(path: "/web")), by: home.bundles).id.uri == "spiffe://one.test/web")
    }

    /// Rotates both kinds by hand and taints the old; answers with tokens of before and after.
    private func taint(_ domain: Deployment) async throws -> (old: String, new: String) {
        let old = try await domain.fetchToken(for: "db")
        for kind in ["x509", "jwt"] {
            let prepared = try await authority("prepare", kind, at: domain)
            let active = try await domain.server("localauthority", kind, "activate", "-authorityID", prepared).check()
            #expect(active.output.hasPrefix("Activated \(kind == "jwt" ? "JWT" : "X.509") authority:\n"))
            let id = try await oldAuthority(kind, at: domain)
            let untainted = try await domain.server("localauthority", kind, "revoke", "-authorityID", id)
            #expect(untainted.exitCode == 1)
            #expect(untainted.errors.contains("it is not possible to revoke an untainted"))
            let tainted = try await domain.server("localauthority", kind, "taint", "-authorityID", id).check()
            #expect(
                tainted.output.contains(
                    "Tainted \(kind == "jwt" ? "JWT" : "X.509") authority:\n  Authority ID: \(id)\n"))
        }
        let new = try await eventually("the cached token is given up") { () -> String? in
            let token = try await domain.fetchToken(for: "db")
            return token == old ? nil : token
        }
        return (old, new)
    }

    private func revoke(_ domain: Deployment) async throws {
        for kind in ["x509", "jwt"] {
            let id = try await oldAuthority(kind, at: domain)
            let answer = try await domain.server(
                "localauthority", kind, "revoke", "-authorityID", id, "-output", "json"
            ).check().output
            #expect(answer.contains("\"revoked_authority\":{\"authority_id\":\"\(id)\""))
        }
    }

    private func oldAuthority(_ kind: String, at domain: Deployment) async throws -> String {
        let shown = try await domain.server("localauthority", kind, "show", "-output", "json").check().output
        let old = try #require(shown.firstMatch(of: /"old":{"authority_id":"([^"]+)"/))
        return String(old.output.1)
    }

    private func authority(_ step: String, _ kind: String, at domain: Deployment) async throws -> String {
        let output = try await domain.server("localauthority", kind, step, "-output", "json").check().output
        return String(try #require(output.firstMatch(of: /"authority_id":"([^"]+)"/)).output.1)
    }

    private func verify(_ credential: X509Credential, by bundles: BundleSet) throws -> X509SVID {
        try UnverifiedX509SVID(certificates: credential.certificates).verified(by: bundles, at: .now)
    }

    @Test("S21: a restarted server has the same authorities, foreign bundles and relationships")
    func restartsAsItWas() async throws {
        let domain = try Deployment("one.test")
        let ports = try Deployment.Ports.free()
        try domain.writeServerConfiguration(
            federation: """
                federates_with "static.test" {
                    bundle_endpoint_url = "https://localhost:\(ports.server)/"
                    bundle_endpoint_profile "https_web" {}
                }
                """)
        let server = try await domain.startServer()
        try await domain.server("bundle", "set", "-id", "two.test", input: try TestCA("two.test").rootPEM).check()
        try await domain.server(
            "federation", "create", "-trustDomain", "two.test", "-bundleEndpointURL",
            "https://localhost:\(ports.bundleEndpoint)/", "-bundleEndpointProfile", "https_spiffe", "-endpointSpiffeID",
            "spiffe://two.test/spire/server"
        ).check()
        _ = try await authority("prepare", "x509", at: domain)
        let before = try await state(of: domain)
        #expect(await server.stop() == 0)
        let restarted = try await domain.startServer(log: "server-2.log")
        #expect(try await state(of: domain) == before)
        await restarted.stop()
    }

    private func state(of domain: Deployment) async throws -> [String] {
        var texts = [
            try await domain.server("bundle", "show", "-format", "spiffe").check().output,
            try await domain.server("bundle", "list", "-format", "spiffe").check().output,
            try await domain.server("localauthority", "x509", "show").check().output,
            try await domain.server("localauthority", "jwt", "show").check().output,
        ]
        // Without the lines that tell how the last attempts went.
        let relationships = try await domain.server("federation", "list").check().output
        texts += relationships.split(separator: "\n").map(String.init).filter {
            $0.hasPrefix("Trust domain") || $0.hasPrefix("Bundle endpoint") || $0.hasPrefix("Endpoint SPIFFE ID")
        }
        return texts
    }
}

extension BundleSet {
    fileprivate var firstBundle: SPIFFEBundle? {
        trustDomains.first.flatMap { self[$0] }
    }
}
