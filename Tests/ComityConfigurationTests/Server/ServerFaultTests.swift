// SPDX-License-Identifier: Apache-2.0

import ComityConfiguration
import Testing

@Suite struct ServerFaultTests {
    @Test func reportsAllFaultsTogetherWithTheirPlaces() {
        let text = """
            server {
                bind_prot = 8081
                bind_port = "eighty"
                trust_domain = "Example.org"
                ca_ttl = "1d"
                ca_key_type = "ec-p521"
                log_level = "loud"
                admin_ids = ["nobody"]
                profiling_enabled = true
            }
            plugins {
                DataStore "sql" { plugin_data { database_type = "mongodb" } }
                KeyManager "aws_kms" {}
                KeyManger "disk" {}
                NodeAttestor "join_tokn" {}
            }
            heath_checks {}
            """
        #expect(
            Fixture.serverFaults(text).joined(separator: "\n") == """
                server.conf:1:1: error: data_dir must be configured
                server.conf:2:5: error: unknown configuration detected: server: bind_prot
                    hint: did you mean bind_port?
                server.conf:3:17: error: server.bind_port must be a number, not "eighty"
                server.conf:4:20: error: could not parse trust_domain "Example.org": trust domain characters are limited to \
                lowercase letters, numbers, dots, dashes, and underscores
                server.conf:5:14: error: could not parse default CA ttl "1d": time: unknown unit "d" in duration "1d"
                    hint: write a number and a unit, such as "90s", "5m" or "1h30m"
                server.conf:6:19: error: error parsing ca_key_type: key type "ec-p521" is unknown; must be one of [ec-p256, \
                ec-p384, rsa-2048, rsa-4096]
                server.conf:7:17: error: server.log_level "loud" is unknown; must be one of [panic, fatal, error, warning, \
                info, debug, trace]
                server.conf:8:18: error: could not parse admin ID "nobody": scheme is missing or invalid
                server.conf:9:25: error: server.profiling_enabled is not supported yet
                    hint: remove it from the configuration
                server.conf:12:23: error: connection_string must be set
                server.conf:12:53: error: database type "mongodb" is unknown; supported: sqlite3, postgres
                    hint: set database_type = "sqlite3" and connection_string to a file path
                server.conf:13:16: error: plugin KeyManager "aws_kms" is not supported yet; supported: disk, memory
                server.conf:14:5: error: unknown plugin type "KeyManger"; must be one of [DataStore, KeyManager, \
                NodeAttestor, UpstreamAuthority, BundlePublisher, Notifier, CredentialComposer]
                    hint: did you mean KeyManager?
                server.conf:15:18: error: plugin NodeAttestor "join_tokn" is unknown; supported: http_challenge, \
                join_token, k8s_psat, sshpop, x509pop
                    hint: did you mean "join_token"?
                server.conf:17:1: error: unknown configuration detected: top-level: heath_checks
                    hint: did you mean health_checks?
                """)
    }

    @Test(arguments: [
        ("", ["server.conf: error: server section must be configured"]),
        (
            "server {}",
            [
                "server.conf: error: plugins section must be configured",
                "server.conf:1:1: error: trust_domain must be configured",
                "server.conf:1:1: error: data_dir must be configured",
            ]
        ),
        ("server", ["server.conf:1:7: error: expected \"=\" or \"{\" after \"server\", found the end of the file"]),
        ("server = 1", ["server.conf:1:10: error: server must be a block, not a number"]),
    ])
    func usesTheWordsOfSPIRE(text: String, faults: [String]) {
        let found = Fixture.serverFaults(text)
        #expect(faults.allSatisfy(found.contains), "\(found)")
    }

    @Test(arguments: [
        ("audit_log_enabled", "true"),
        ("proxy_protocol_trusted_cidrs", "[\"10.0.0.0/8\"]"), ("profiling_port", "6060"),
        ("experimental", "{ require_pq_kem = true }"),
        ("experimental", "{ feature_flags = [\"wit-svid\"] }"),
        ("experimental", "{ auth_opa_policy_engine { local { rego_path = \"x\" } } }"),
    ])
    func refusesWhatItDoesNotDoYet(key: String, value: String) throws {
        let found = Fixture.serverFaults(Fixture.completeServer("\(key) = \(value)"))
        let only = try #require(found.first)
        #expect(found.count == 1)
        #expect(only.hasPrefix("server.conf:4:"))
        #expect(only.contains("error: server.\(key)"))
        #expect(only.contains("is not supported yet"))
    }

    @Test(arguments: [
        "audit_log_enabled = false", "disable_jwt_svids = \"\"", "profiling_names = []", "experimental {}",
        "experimental { feature_flags = [] require_pq_kem = false }", "prune_tofu_nodes = true", "jwt_issuer = \"\"",
        "max_attested_node_info_staleness = \"1m\"", "ca_subject { country = [\"US\"] organization = [\"SPIFFE\"] }",
        "CA_TTL = \"24h\"", "bind_port = \"\"", "log_format = \"\"",
    ])
    func acceptsWhatChangesNothing(keys: String) {
        #expect(Fixture.serverFaults(Fixture.completeServer(keys)) == [])
    }

    @Test(arguments: [
        (
            "ca_subject {}",
            "server.conf:4:5: warning: ca_subject configurable is set but empty; the default will be used"
        ),
        (
            "experimental { events_based_cache = true }",
            "server.conf:4:41: warning: server.experimental.events_based_cache has no effect: changes reach agents without a cache to reload"
        ),
        (
            "experimental { nonsense = 1 }",
            "server.conf:4:20: warning: unknown configuration is ignored: server.experimental: nonsense\n    hint: known keys: agent_spiffe_id_as_selector, auth_opa_policy_engine, cache_reload_interval, event_timeout, events_based_cache, feature_flags, full_cache_reload_interval, named_pipe_name, prune_events_older_than, require_pq_kem, sql_transaction_timeout, wit_issuer, wit_key_type"
        ),
        (
            "bind_port = 1 bind_port = 2",
            "server.conf:4:19: warning: server.bind_port is set 2 times; the last one counts"
        ),
    ])
    func warnsOfWhatItIgnores(keys: String, warning: String) {
        #expect(Fixture.serverFaults(Fixture.completeServer(keys)) == [warning])
    }

    @Test(arguments: [
        (
            "telemetry { Prometheus { prt = 9988 } }",
            "error: unknown configuration detected: telemetry.Prometheus: prt\n    hint: did you mean port?"
        ),
        (
            "telemetry { Prometheus { port = 9988 tls { cert_file = \"a\" } } }",
            "error: telemetry.Prometheus.tls is not supported yet\n    hint: remove it, and let only this machine reach the port"
        ),
        (
            "telemetry { Prometheus { port = 70000 } }",
            "error: telemetry.Prometheus.port must be between 1 and 65535, not 70000"
        ),
        (
            "telemetry { InMem {} }",
            "error: telemetry.InMem is not supported yet\n    hint: remove it from the configuration; metrics are served by Prometheus"
        ),
        (
            "telemetry { Prometheus {} DogStatsd = [{ address = \"localhost:8125\" }] }",
            "error: telemetry.DogStatsd is not supported yet\n    hint: remove it from the configuration; metrics are served by Prometheus"
        ),
        (
            "telemetry { EnableTrustDomainLabel = true }",
            "warning: telemetry.EnableTrustDomainLabel has no effect: no metrics are served"
        ),
        (
            "health_checks { listener_enable = true }",
            "error: unknown configuration detected: health_checks: listener_enable\n    hint: did you mean listener_enabled?"
        ),
        (
            "health_checks { bind_port = 70000 }",
            "error: health_checks.bind_port must be between 1 and 65535, not 70000"
        ),
        ("health_checks { live_path = \"live\" }", "error: health_checks.live_path must begin with a slash: \"live\""),
    ])
    func readsTheBlocksBesideTheServer(block: String, message: String) {
        let found = Fixture.serverFaults(Fixture.completeServer("", tail: block))
        #expect(found.map { $0.replacing(#/server\.conf:\d+:\d+: /#, with: "") } == [message])
    }

    @Test func namesTheCommandLineWhereAFlagIsWrong() {
        var flags = ServerConfiguration.Overrides()
        flags.trustDomain = "Bad"
        let file = ConfigurationFile(name: "server.conf", text: Fixture.completeServer(""))
        let faults = #expect(throws: ConfigurationFaults.self) { try ServerConfiguration.load(file, overrides: flags) }
        #expect(faults?.description.hasPrefix("command line: error: could not parse trust_domain \"Bad\": ") == true)
    }

    @Test func keepsEverythingOfAFaultOnItsLine() {
        let found = Fixture.serverFaults(Fixture.completeServer("log_level = \"x\\ny\\u001b[0m\""))
        #expect(found.first?.contains("\"x\\ny\\x1b[0m\" is unknown") == true)
    }
}
