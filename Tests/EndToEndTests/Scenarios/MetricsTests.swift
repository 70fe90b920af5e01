// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import Testing

/// What Prometheus finds at a server and an agent that have worked, under the names that SPIRE's dashboards know.
@Suite(.serialized) struct MetricsTests {
    private static let telemetry = """
        telemetry {
            Prometheus { host = "localhost" }
            EnableHostnameLabel = false
        }
        """

    @Test("server and agent tell under SPIRE's names, types and labels what they did")
    func namesAreSPIREs() async throws {
        let (one, two) = (try Deployment("one.test"), try Deployment("two.test"))
        try two.writeServerConfiguration()
        try one.writeServerConfiguration(federation: Deployment.federatesWith(two), more: Self.telemetry)
        try one.writeAgentConfiguration(more: Self.telemetry)
        async let partner = two.startServer()
        let (server, other) = (try await one.startServer(), try await partner)
        _ = try await server.line("Error updating bundle", "trust_domain=two.test")
        try await one.bootstrap(from: two)
        _ = try await server.line("Bundle refreshed", "trust_domain=two.test")
        let agent = try await one.startAgent()
        defer { withExtendedLifetime((server, other, agent)) {} }
        try await one.createEntry("/web", federatesWith: ["two.test"])
        try await eventually("workload has its SVID") {
            try await one.agent("api", "fetch", "x509").exitCode == 0 ? true : nil
        }
        try await one.agent("api", "fetch", "jwt", "-audience", "a").check()

        let ofServer = try await scrape(server)
        #expect(Self.serverMetrics.filter { !ofServer.has($0) } == [])
        #expect(ofServer.names.filter { !$0.hasPrefix("spire_server_") && !$0.hasPrefix("process_") } == [])
        let ofAgent = try await scrape(agent)
        #expect(Self.agentMetrics.filter { !ofAgent.has($0) } == [])
        #expect(ofAgent.names.filter { !$0.hasPrefix("spire_agent_") && !$0.hasPrefix("process_") } == [])
    }

    @Test("a metrics port that another process has ends the start, and the message names the place and the cure")
    func takenPortEndsTheStart() async throws {
        let taken = try FreePorts.two().0
        let telemetry = "telemetry { Prometheus { port = \(taken) } }"
        let (one, two) = (try Deployment("one.test"), try Deployment("two.test"))
        for domain in [one, two] { try domain.writeServerConfiguration(more: telemetry) }
        let first = try await one.startServer()
        defer { withExtendedLifetime(first) {} }
        let second = try await two.command("spire-server", ["run", "-config", two.folder.path("conf/server.conf")])
        #expect(second.exitCode == 1)
        #expect(
            (second.output + second.errors).contains(
                "metrics cannot be served on localhost port \(taken): another process already listens there; stop it or "
                    + "set telemetry.Prometheus.port"))
    }

    /// What was told, by lines.
    private struct Scrape {
        var lines: [String]

        var names: Set<String> {
            Set(lines.filter { !$0.hasPrefix("#") }.map { String($0.prefix { !"{ ".contains($0) }) })
        }

        /// Whether there is such a metric: `type name` or `type name{labels`, which may go on to the value.
        func has(_ metric: String) -> Bool {
            let parts = metric.split(separator: " ", maxSplits: 1)
            let name = parts[1].prefix { $0 != "{" }
            let labels = parts[1].dropFirst(name.count)
            let start = "\(name)\(parts[0] == "summary" ? "_count" : "")\(labels.isEmpty ? " " : labels)"
            return lines.contains("# TYPE \(name) \(parts[0])") && lines.contains { $0.hasPrefix(start) }
        }
    }

    private func scrape(_ program: RunningProgram) async throws -> Scrape {
        let line = try await program.line("Serving metrics")
        let port = try #require(line.firstMatch(of: #/address="?localhost:(\d+)/#)).1
        let text = try await ToolCommand.run("curl", ["-sS", "--fail", "http://localhost:\(port)/metrics"]).check()
        return Scrape(lines: text.output.split(separator: "\n").map(String.init))
    }

    private static let serverMetrics =
        [
            #"gauge spire_server_started{trust_domain_id="one_test",version="#, "gauge spire_server_uptime_in_ms",
            #"counter spire_server_bundle_manager_fetch_federated_bundle{status="OK",trust_domain_id="two_test"}"#,
            #"counter spire_server_bundle_manager_fetch_federated_bundle{status="Unknown",trust_domain_id="two_test"}"#,
            #"summary spire_server_bundle_manager_fetch_federated_bundle_elapsed_time{status="OK",trust_domain_id="two_test"}"#,
            #"counter spire_server_ca_manager_x509_ca_prepare{status="OK"}"#,
            #"summary spire_server_ca_manager_x509_ca_prepare_elapsed_time{status="OK"}"#,
            #"counter spire_server_ca_manager_jwt_key_prepare{status="OK"}"#,
            "counter spire_server_ca_manager_x509_ca_activate", "counter spire_server_manager_jwt_key_activate",
            #"gauge spire_server_manager_x509_ca_rotate_expiration{trust_domain_id="one_test"}"#,
            #"gauge spire_server_manager_x509_ca_rotate_ttl{trust_domain_id="one_test"}"#,
            "counter spire_server_server_ca_sign_x509_svid", "counter spire_server_server_ca_sign_jwt_svid",
            #"counter spire_server_svid_rotate{status="OK"}"#,
            #"counter spire_server_entry_cache_reload{status="OK"}"#,
            "gauge spire_server_entry_entries_by_entryid_cache_count",
            "gauge spire_server_node_agents_by_id_cache_count",
            #"gauge spire_server_federation_bundle_age_seconds{partner="two.test"}"#,
            #"gauge spire_server_federation_next_refresh_seconds{partner="two.test"}"#,
            #"gauge spire_server_federation_bundle_sequence{partner="two.test"}"#,
            #"gauge spire_server_federation_authority_expiry_seconds{partner="two.test"}"#,
            #"counter spire_server_federation_refresh_failures_total{class="noBundle",partner="two.test"}"#,
        ]
        + [
            "agent_v1_agent_attest_agent", "svid_v1_svid_batch_new_x509svid", "svid_v1_svid_new_jwtsvid",
            "bundle_v1_bundle_get_federated_bundle", "bundle_v1_bundle_get_bundle", "entry_v1_entry_batch_create_entry",
            "agent_v1_agent_post_status", "entry_v1_entry_sync_authorized_entries", "health_check",
        ].map { "rpc_\($0)" }.flatMap(call)
        + [
            "bundle_append", "bundle_fetch", "bundle_list", "node_create", "node_fetch", "node_list",
            "registration_entry_create", "registration_entry_list", "join_token_create", "join_token_fetch",
        ].map { "datastore_\($0)" }.flatMap(call)

    private static func call(_ name: String) -> [String] {
        [
            #"counter spire_server_\#(name){status="OK"}"#,
            #"summary spire_server_\#(name)_elapsed_time{status="OK"}"#,
        ]
    }

    private static let agentMetrics =
        [
            #"gauge spire_agent_started{trust_domain_id="one_test",version="#, "gauge spire_agent_uptime_in_ms",
            #"gauge spire_agent_bootstrapped{mode="bootstrap"} 1"#,
            #"gauge spire_agent_bootstrap_seconds{mode="bootstrap"}"#,
            #"gauge spire_agent_bootstrap_attempts{mode="bootstrap"}"#,
            #"counter spire_agent_node_attestor_new_svid{attestor="join_token",status="OK"}"#,
            #"counter spire_agent_agent_key_manager_generate_key_pair{status="OK"}"#,
            #"counter spire_agent_manager_sync_fetch_entries_updates{status="OK"}"#,
            #"counter spire_agent_manager_sync_fetch_svids_updates{status="OK"}"#,
            "summary spire_agent_cache_manager_expiring_svids", "summary spire_agent_cache_manager_outdated_svids",
            "counter spire_agent_lru_cache_entry_add", "counter spire_agent_lru_cache_entry_remove",
            "counter spire_agent_lru_cache_entry_update", "gauge spire_agent_lru_cache_record_map_size",
            #"gauge spire_agent_lru_cache_svid_map_size{svid_type="x509"} "#, "gauge spire_agent_jwt_svid_cache_size",
            "counter spire_agent_workload_api_connection", "gauge spire_agent_workload_api_connections",
            "summary spire_agent_workload_api_discovered_selectors",
            #"counter spire_agent_workload_api_workload_attestation{status="OK"}"#,
            #"summary spire_agent_workload_api_workload_attestation_elapsed_time{status="OK"}"#,
            #"counter spire_agent_workload_api_workload_attestor{attestor="unix",status="OK"}"#,
            #"counter spire_agent_rpc_workload_api_fetch_x509svid{status="#,
            #"counter spire_agent_rpc_workload_api_fetch_jwtsvid{status="OK"}"#,
            #"summary spire_agent_rpc_workload_api_fetch_jwtsvid_elapsed_time{status="OK"}"#,
            #"counter spire_agent_rpc_health_check{status="OK"}"#,
        ]
}
