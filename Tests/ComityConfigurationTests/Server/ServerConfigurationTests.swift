// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityAuthority
import ComityConfiguration
import ComityRegistry
import ComityTelemetry
import SPIFFE
import Testing

@Suite struct ServerConfigurationTests {
    @Test func readsTheQuickStartUnchanged() throws {
        let loaded = try ServerConfiguration.load(path: Fixture.path("server.quickstart.conf"))
        let server = loaded.configuration
        #expect(server.trustDomain.name == "example.org")
        #expect(server.bindAddress == "127.0.0.1")
        #expect(server.bindPort == 8081)
        #expect(server.socketPath == "/tmp/spire-server/private/api.sock")
        #expect(server.dataDirectory == "./data/server")
        #expect(server.log == LogSettings(level: .debug))
        #expect(server.authority.authorityTTL == .seconds(168 * 3600))
        #expect(server.authority.x509SVIDTTL == .seconds(48 * 3600))
        #expect(server.authority.jwtSVIDTTL == .seconds(300))
        #expect(server.authority.agentTTL == .seconds(48 * 3600))
        #expect(server.authority.x509KeyType == .ecP256)
        #expect(server.dataStore == .sqlite(path: "./data/server/datastore.sqlite3"))
        #expect(server.keyManager == .disk(path: "./data/server/keys.json"))
        #expect(server.nodeAttestors == [.joinToken])
        #expect(server.federation.bundleEndpoint == nil)
        #expect(server.federation.relationships.isEmpty)
        #expect(server.health == nil)
        #expect(
            loaded.warnings.map(\.message) == [
                "default_x509_svid_ttl is too high for the configured ca_ttl value. SVIDs with shorter lifetimes may be "
                    + "issued. Please set default_x509_svid_ttl to 28h or less, or the ca_ttl to 288h or more, to "
                    + "guarantee the full default_x509_svid_ttl lifetime when CA rotations are scheduled."
            ])
    }

    @Test func readsTheDevelopmentFileWithoutWarnings() throws {
        let loaded = try ServerConfiguration.load(path: Fixture.path("server.development.conf"))
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.configuration.keyManager == .memory)
        #expect(loaded.configuration.rateLimits.limitsAttestation)
        #expect(loaded.configuration.authority.authorityTTL == .seconds(86400))
    }

    @Test func putsFlagsBeforeTheFile() throws {
        var flags = ServerConfiguration.Overrides()
        flags.bindPort = 9081
        flags.trustDomain = "flag.test"
        flags.logFormat = "JSON"
        let server = try ServerConfiguration.load(
            path: Fixture.path("server.quickstart.conf"), overrides: flags
        ).configuration
        #expect(server.bindPort == 9081)
        #expect(server.trustDomain.name == "flag.test")
        #expect(server.log == LogSettings(level: .debug, format: .json))
        #expect(server.bindAddress == "127.0.0.1")
    }

    @Test func expandsTheEnvironmentOnlyWhenTold() throws {
        let text = Fixture.server("trust_domain = \"$TD\"\n    data_dir = \"${DIR}\"\n    log_file = \"a$$b\"")
        let expanded = EnvironmentExpansion.expand(text, ["TD": "env.test", "DIR": "/d"])
        let server = try ServerConfiguration.load(ConfigurationFile(name: "s", text: expanded)).configuration
        #expect(server.trustDomain.name == "env.test")
        #expect(server.dataDirectory == "/d")
        #expect(server.log.file == "a$b")
        let faults = #expect(throws: ConfigurationFaults.self) {
            try ServerConfiguration.load(ConfigurationFile(name: "s", text: text))
        }
        #expect(faults?.faults.count == 1)
    }

    @Test func saysWhereAMissingFileWasLookedFor() throws {
        let faults = #expect(throws: ConfigurationFaults.self) {
            try ServerConfiguration.load(path: "/no/such/./server.conf")
        }
        #expect(
            faults?.description
                == "could not find config file /no/such/server.conf: please use the -config flag")
    }

    @Test func readsEveryKeyItKnows() throws {
        let text = Fixture.server(
            """
            trust_domain = "spiffe://example.org"
                data_dir = "/data"
                bind_address = "[::1]"
                bind_port = 9999
                socket_path = "/run/api.sock"
                admin_ids = ["spiffe://example.org/admin", "spiffe://other.test/admin"]
                agent_ttl = "2h"
                ca_key_type = "RSA-2048"
                jwt_key_type = "ec-p384"
                ca_ttl = "48h"
                default_x509_svid_ttl = "90m"
                default_jwt_svid_ttl = "1m30s"
                jwt_issuer = "https://issuer.test"
                ca_subject { country = ["DE", "FR"] organization = ["Acme"] common_name = "Acme CA" }
                disable_jwt_svids = true
                ratelimit { attestation = false }
                log_file = "/log"
                log_level = "warn"
                log_format = "text"
                log_source_location = true
                max_attested_node_info_staleness = "5s"
                audit_log_enabled = false
            """, tail: "health_checks { listener_enabled = true bind_port = \"8080\" live_path = \"/alive\" }")
        let loaded = try ServerConfiguration.load(ConfigurationFile(name: "s", text: text))
        let server = loaded.configuration
        #expect(loaded.warnings.isEmpty)
        #expect(server.bindAddress == "::1")
        #expect(server.bindPort == 9999)
        #expect(server.socketPath == "/run/api.sock")
        #expect(server.adminIDs.map(\.uri) == ["spiffe://example.org/admin", "spiffe://other.test/admin"])
        #expect(server.authority.agentTTL == .seconds(7200))
        #expect(server.authority.x509KeyType == .rsa2048)
        #expect(server.authority.jwtKeyType == .ecP384)
        #expect(server.authority.authorityTTL == .seconds(172800))
        #expect(server.authority.x509SVIDTTL == .seconds(5400))
        #expect(server.authority.jwtSVIDTTL == .seconds(90))
        #expect(server.authority.jwtIssuer == "https://issuer.test")
        #expect(
            server.authority.caSubject
                == CASubject(countries: ["DE", "FR"], organizations: ["Acme"], commonName: "Acme CA"))
        #expect(server.authority.disablesJWTSVIDs)
        #expect(!server.rateLimits.limitsAttestation)
        #expect(server.rateLimits.limitsSigning)
        #expect(server.log == LogSettings(level: .warning, format: .text, file: "/log", showsSourceLocation: true))
        #expect(
            server.health
                == HealthListenerSettings(address: "localhost", port: 8080, livePath: "/alive", readyPath: "/ready"))
    }

    @Test func metricsAreServedNowhereUnlessToldSo() throws {
        #expect(try metrics("") == nil)
        #expect(try metrics("telemetry {}") == nil)
        #expect(try metrics("telemetry { Prometheus {} }") == MetricsSettings(prefix: "spire_server"))
    }

    @Test func readsWhatMetricsLookLike() throws {
        let block = """
            telemetry {
                Prometheus { host = "0.0.0.0" port = "9402" }
                MetricPrefix = "mine"
                EnableTrustDomainLabel = true
                EnableHostnameLabel = false
                AllowedPrefixes = ["mine.rpc"]
                BlockedPrefixes = ["mine"]
                AllowedLabels = ["status"]
                BlockedLabels = ["host"]
            }
            """
        var metrics = MetricsSettings(prefix: "mine")
        metrics.address = "0.0.0.0"
        metrics.port = 9402
        metrics.showsTrustDomain = true
        metrics.showsHost = false
        metrics.filter.allowedPrefixes = ["mine.rpc"]
        metrics.filter.blockedPrefixes = ["mine"]
        metrics.filter.allowedLabels = ["status"]
        metrics.filter.blockedLabels = ["host"]
        #expect(try self.metrics(block) == metrics)
    }

    private func metrics(_ block: String) throws -> MetricsSettings? {
        let file = ConfigurationFile(name: "s", text: Fixture.completeServer("", tail: block))
        return try ServerConfiguration.load(file).configuration.metrics
    }

    @Test func readsWhatIsSupportedOfAnOperatorsJSON() throws {
        let server = try ServerConfiguration.load(path: Fixture.path("server.operator.supported.json")).configuration
        #expect(server.trustDomain.name == "apps.cluster.test")
        #expect(server.bindPort == 8081)
        #expect(server.metrics?.port == 9402)
        #expect(server.authority.x509KeyType == .rsa2048)
        let endpoint = try #require(server.federation.bundleEndpoint)
        #expect(endpoint.address == "0.0.0.0")
        #expect(endpoint.port == 8443)
        #expect(endpoint.refreshHint == .seconds(300))
        #expect(endpoint.profile == .httpsSPIFFE)
        #expect(
            server.federation.relationships == [
                FederationRelationship(
                    trustDomain: try TrustDomain("partner.test"), bundleEndpointURL: "https://partner.test:8443",
                    profile: .httpsSPIFFE(endpointID: try SPIFFEID("spiffe://partner.test/spire/server"))),
                FederationRelationship(
                    trustDomain: try TrustDomain("web.test"), bundleEndpointURL: "https://web.test/bundle",
                    profile: .httpsWeb),
            ])
        #expect(server.dataStore == .sqlite(path: "/run/spire/data/datastore.sqlite3"))
        #expect(server.health?.port == 8080)
        #expect(server.health?.address == "0.0.0.0")
    }
}
