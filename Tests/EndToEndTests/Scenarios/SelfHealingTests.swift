// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import SPIFFEWorkloadAPI
import Testing

/// What goes on between two trust domains without an operator of either looking at the other.
@Suite(.serialized) struct SelfHealingTests {
    @Test(
        "S37: a domain replaces its CA down to the revocation of the old one, and its partner never refuses a workload",
        .timeLimit(.minutes(3)))
    func rotationPropagates() async throws {
        let (one, two) = (try Deployment("one.test"), try Deployment("two.test"))
        for (domain, other) in [(one, two), (two, one)] {
            try domain.writeServerConfiguration(federation: Deployment.federatesWith(other))
            try domain.writeAgentConfiguration()
        }
        async let starting = one.startServer()
        let (secondServer, firstServer) = (try await two.startServer(), try await starting)
        try await one.bootstrap(from: two)
        try await two.bootstrap(from: one)
        async let attesting = one.startAgent()
        let (secondAgent, firstAgent) = (try await two.startAgent(), try await attesting)
        defer { withExtendedLifetime((firstServer, secondServer, firstAgent)) {} }
        try await one.createEntry("/web", federatesWith: ["two.test"])
        try await two.createEntry("/web", federatesWith: ["one.test"])

        let verification = try MutualVerification(one, two)
        try await verification.during {
            let (partner, renewing) = (verification.one, verification.two)
            let before = try await partner.context { $0.authorities(of: "two.test") == 1 }
            let old = try await renewing.context { $0.authorities(of: "one.test") == 1 }.credential(path: "/web")
            try await callEachOther(one, two)

            let prepared = try await two.authority("prepare")
            _ = try await partner.context { $0.authorities(of: "two.test") == 2 }
            try await two.authority("activate", "-authorityID", prepared)
            try await two.authority("taint", "-authorityID", two.oldAuthority())
            let renewed = try await renewing.context { $0.credential(path: "/web")?.leaf != old?.leaf }
            let credential = try #require(renewed.credential(path: "/web"))
            // The copy of before would not do: the partner has followed.
            #expect(throws: SPIFFEError.self) {
                try UnverifiedX509SVID(certificates: credential.certificates).verified(by: before.bundles, at: .now)
            }
            try await callEachOther(one, two)

            try await secondAgent.line("Rotating agent SVID")
            try await two.authority("revoke", "-authorityID", two.oldAuthority())
            _ = try await partner.context { $0.authorities(of: "two.test") == 1 }
            try await callEachOther(one, two)
        }
        #expect(verification.failures.isEmpty)
        // At the start, the new authority, the new SVID, the revocation: both directions each.
        #expect(verification.passed >= 8)
    }

    private func callEachOther(_ one: Deployment, _ two: Deployment) async throws {
        let foreign = "federated_bundle.0.0.pem"
        let (inOne, inTwo) = (
            MutualTLS.Side(in: try await one.fetchFiles(with: "[spiffe://two.test] CA #1"), trusted: foreign),
            MutualTLS.Side(in: try await two.fetchFiles(with: "[spiffe://one.test] CA #1"), trusted: foreign)
        )
        for (server, client) in [(inOne, inTwo), (inTwo, inOne)] {
            let transcript = try await MutualTLS(server: server, client: client).connect(in: one.folder)
            #expect(MutualTLS.succeeded(transcript), "\(transcript)")
        }
    }

    @Test("S65: a partner behind a port-forward that drops is asked again until it is back, and what is stored stays")
    func outlivesADroppedForward() async throws {
        let (one, two) = (try Deployment("one.test"), try Deployment("two.test"))
        try one.writeServerConfiguration()
        try two.writeServerConfiguration()
        async let starting = one.startServer()
        let (second, first) = (try await two.startServer(), try await starting)
        defer { withExtendedLifetime(second) {} }
        func stored() async throws -> Int {
            let bundle = try await one.server("bundle", "list", "-id", "two.test", "-format", "spiffe").check().output
            return try BundleDocumentText(bundle).keys.count { $0["use"] == "x509-svid" }
        }

        try await PortForward.with(to: two.ports.bundleEndpoint) { forward in
            try await one.bootstrap(from: two)
            try await one.federate(with: two, at: "https://localhost:\(forward.port)/")
            try await first.line("Bundle refreshed", "trust_domain=two.test")

            await forward.drop()
            try await two.server("localauthority", "x509", "prepare").check()
            try await first.line("Error updating bundle", "trust_domain=two.test", "connection refused")
            // The next one comes by itself, sooner than the poll would.
            try await eventually("it is tried again") {
                first.lines("Error updating bundle", "trust_domain=two.test").count >= 2 ? true : nil
            }
            #expect(try await stored() == 1)
            let failing = try await one.server("federation", "show", "-trustDomain", "two.test").check().output
            #expect(failing.contains("Last error                : connect: "))

            try await forward.resume()
            try await eventually("what changed meanwhile is stored") { try await stored() == 2 ? true : nil }
            let healed = try await one.server("federation", "show", "-trustDomain", "two.test").check().output
            #expect(healed.contains("Last error                : none\n"))
        }
    }
}

extension Deployment {
    /// Takes a step with the X.509 authorities of this domain; answers with the authority it is about.
    @discardableResult
    fileprivate func authority(_ arguments: String...) async throws -> String {
        let output = try await command(
            "spire-server", ["localauthority", "x509"] + arguments + ["-output", "json", "-socketPath", serverSocket]
        ).check().output
        return String(try #require(output.firstMatch(of: /"authority_id":"([^"]+)"/)).output.1)
    }

    fileprivate func oldAuthority() async throws -> String {
        let shown = try await server("localauthority", "x509", "show", "-output", "json").check().output
        return String(try #require(shown.firstMatch(of: /"old":{"authority_id":"([^"]+)"/)).output.1)
    }
}

extension X509Context {
    fileprivate func authorities(of trustDomain: String) -> Int {
        (try? TrustDomain(trustDomain)).flatMap { bundles[$0] }?.x509Authorities.count ?? 0
    }
}
