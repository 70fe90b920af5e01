// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// Relationships as an operator makes them, and what the log and the commands then tell.
@Suite(.serialized) struct FederationTests {
    @Test("S9 S12 S31 S58: a relationship without bundle says so, heals by bundle set and is then polled by its hint")
    func healsOnceBootstrapped() async throws {
        let (one, two) = (try Deployment("one.test"), try Deployment("two.test"))
        try one.writeServerConfiguration()
        // Without a hint of its own an endpoint says 300 s, of which pollers take a quarter.
        try two.writeServerConfiguration(bundleEndpoint: "")
        async let starting = one.startServer()
        let (second, first) = (try await two.startServer(), try await starting)
        defer { withExtendedLifetime((first, second)) {} }

        try await one.federate(with: two)
        let refused = try await first.line("Error updating bundle", "trust_domain=two.test")
        let listed = try await one.server("federation", "list").check().output
        try await one.bootstrap(from: two)
        let refreshed = try await first.line("Bundle refreshed", "trust_domain=two.test")
        let scheduled = try await eventually("the next poll is scheduled") {
            first.lines("Scheduling next bundle refresh", "trust_domain=two.test").first {
                (try? secondsAhead("at", in: $0)).map { $0 > 60 } ?? false
            }
        }

        #expect(refused.contains("local copy of bundle not found"))
        #expect(listed.hasPrefix("Found 1 federation relationship\n"))
        #expect(listed.contains("no bundle: "))
        #expect(refreshed.contains("level=info msg=\"Bundle refreshed\""))
        #expect(refreshed.contains("subsystem_name=bundle_client"))
        #expect(try (74...75).contains(secondsAhead("next_refresh", in: refreshed)))
        #expect(try (74...75).contains(secondsAhead("at", in: scheduled)))
        let healed = try await one.server("federation", "show", "-trustDomain", "two.test").check().output
        #expect(healed.contains("Last error                : none\n"))
    }

    @Test("S24: a partner that came back from an old backup does not roll back the newer bundle")
    func refusesARollback() async throws {
        let (one, two) = (try Deployment("one.test"), try Deployment("two.test"))
        try one.writeServerConfiguration(federation: Deployment.federatesWith(two))
        try two.writeServerConfiguration()
        let polling = try await one.startServer()
        defer { withExtendedLifetime(polling) {} }
        func stored() async throws -> String {
            try await one.server("bundle", "list", "-id", "spiffe://two.test", "-format", "spiffe").check().output
        }

        await (try await two.startServer()).stop()
        // All files of the database: what it has not merged yet is in the one beside it.
        let files = "datastore.sqlite3* keys.json"
        func inFolderOfTwo(_ script: String) async throws {
            try await ToolCommand.run("sh", ["-c", "cd \(two.folder.path) && \(script)"]).check()
        }
        try await inFolderOfTwo("mkdir backup && cp \(files) backup")
        let newer = try await two.startServer()
        try await one.bootstrap(from: two)
        try await two.server("localauthority", "x509", "prepare").check()
        try await one.server("federation", "refresh", "-id", "spiffe://two.test").check()
        let before = try await stored()
        await newer.stop()
        try await inFolderOfTwo("rm \(files) && cp backup/* .")
        let restored = try await two.startServer()
        defer { withExtendedLifetime(restored) {} }

        let refreshed = try await one.server("federation", "refresh", "-id", "spiffe://two.test")
        #expect(refreshed.exitCode == 1)
        let refusal = try await polling.line("Error updating bundle", "trust_domain=two.test", "sequence")
        #expect(refusal.contains("level=error"))
        #expect(try await stored() == before)
        #expect(try BundleDocumentText(before).keys.count { $0["use"] == "x509-svid" } == 2)
        let told = try await one.server("federation", "list").check().output
        #expect(told.contains("rollback: "))
    }

    @Test("HTTPS_PROXY of the server's environment is the way to partners, and told when it leads nowhere")
    func asksTheProxy() async throws {
        let domain = try Deployment("one.test")
        try domain.writeServerConfiguration(
            federation: """
                federates_with "two.test" {
                    bundle_endpoint_url = "https://partner.test/bundle"
                    bundle_endpoint_profile "https_web" {}
                }
                """)
        let server = try await domain.startServer(
            environment: ["HTTPS_PROXY": "http://user:secret@127.0.0.1:1", "NO_PROXY": ""])

        try await server.line(
            "Error updating bundle", "partner.test",
            "proxyconnect tcp: dial tcp 127.0.0.1:1: connect: connection refused")
        #expect(!server.log.contains("secret"))
    }

    @Test("S52: a domain cannot federate with itself, by command or by configuration")
    func refusesItself() async throws {
        let (domain, namesake) = (try Deployment("one.test"), try Deployment("one.test"))
        try domain.writeServerConfiguration()
        let server = try await domain.startServer()
        defer { withExtendedLifetime(server) {} }
        let own = try await domain.server("bundle", "show", "-format", "spiffe").check().output

        let created = try await domain.server(
            "federation", "create", "-trustDomain", "one.test", "-bundleEndpointURL", namesake.bundleEndpointURL,
            "-bundleEndpointProfile", "https_spiffe", "-endpointSpiffeID", "spiffe://one.test/spire/server")
        let set = try await domain.server("bundle", "set", "-format", "spiffe", "-id", "one.test", input: own)
        try namesake.writeServerConfiguration(federation: Deployment.federatesWith(domain))
        let validated = try await namesake.command("spire-server", ["validate", "-config", "conf/server.conf"])

        #expect(created.exitCode == 1)
        #expect(
            (created.output + created.errors).contains(
                "unable to create federation relationship for server trust domain"))
        #expect(set.exitCode == 1)
        #expect(set.errors.contains("setting a federated bundle for the server's own trust domain is not allowed"))
        #expect(validated.exitCode == 1)
        #expect(validated.errors.contains("the trust domain of this server, which cannot federate with itself"))
        #expect(try await domain.server("bundle", "list").check().output.isEmpty)
        #expect(try await domain.server("federation", "list").check().output.hasPrefix("Found 0 federation"))
    }
}
