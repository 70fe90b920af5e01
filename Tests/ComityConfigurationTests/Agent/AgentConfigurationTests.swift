// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityAuthority
import ComityConfiguration
import ComityTelemetry
import SPIFFE
import Testing

@Suite struct AgentConfigurationTests {
    @Test("WEP-01: unless told otherwise the Workload API is on a Unix socket") func readsTheQuickStartUnchanged()
        throws
    {
        let loaded = try AgentConfiguration.load(path: Fixture.path("agent.quickstart.conf"))
        let agent = loaded.configuration
        #expect(loaded.warnings.isEmpty)
        #expect(agent.trustDomain.name == "example.org")
        #expect(agent.serverAddress == "localhost")
        #expect(agent.serverPort == 8081)
        #expect(agent.socketPath == "/tmp/spire-agent/public/api.sock")
        #expect(agent.dataDirectory == "./data/agent")
        #expect(agent.trustBundle == .insecure)
        #expect(agent.joinToken == nil)
        #expect(agent.keyManager == .disk(path: "./data/agent"))
        #expect(agent.nodeAttestor == .joinToken)
        #expect(agent.workloadAttestors == [.unix(UnixAttestorSettings())])
        #expect(agent.syncInterval == .seconds(5))
        #expect(agent.workloadKeyType == .ecP256)
        #expect(agent.log == LogSettings(level: .debug))
    }

    @Test func readsTheDevelopmentFileUnchanged() throws {
        let loaded = try AgentConfiguration.load(path: Fixture.path("agent.development.conf"))
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.configuration.trustBundle == .file(path: "./conf/agent/dummy_root_ca.crt", .pem))
        #expect(loaded.configuration.serverPort == 8081)
    }

    @Test func takesAJoinTokenFromAFlagInsteadOfAnAttestor() throws {
        var flags = AgentConfiguration.Overrides()
        flags.joinToken = "5a1d6b8c"
        flags.trustBundlePath = "/bundle.pem"
        let plugins = "plugins { KeyManager \"memory\" {} WorkloadAttestor \"unix\" {} }"
        let text = Fixture.completeAgent("", plugins: plugins)
        let agent = try AgentConfiguration.load(ConfigurationFile(name: "a", text: text), overrides: flags)
            .configuration
        #expect(agent.joinToken == .value("5a1d6b8c"))
        #expect(agent.nodeAttestor == nil)
        #expect(agent.trustBundle == .file(path: "/bundle.pem", .pem))
    }

    @Test func readsEveryKeyItKnows() throws {
        let text = Fixture.completeAgent(
            """
            socket_path = "/run/agent/public/api.sock"
                admin_socket_path = "/run/agent/public-not/admin.sock"
                authorized_delegates = ["spiffe://example.org/proxy"]
                trust_bundle_url = "https://bundles.test/b"
                trust_bundle_format = "spiffe"
                join_token_file = "/token"
                workload_x509_svid_key_type = "rsa-2048"
                availability_target = "36h"
                x509_svid_cache_max_size = "50"
                jwt_svid_cache_max_size = 60
                allow_unauthenticated_verifiers = true
                allowed_foreign_jwt_claims = ["sub", "role"]
                experimental {
                    sync_interval = "2s"
                    use_sync_authorized_entries = true
                    ratelimit { fetch_x509_svid = 5 fetch_jwt_bundles = 6 fetch_jwt_svid = 0 }
                }
            """,
            plugins: """
                plugins {
                    KeyManager "disk" { plugin_data { directory = "/keys" } }
                    WorkloadAttestor "unix" { plugin_data { discover_workload_path = true workload_size_limit = -1 } }
                }
                """)
        let loaded = try AgentConfiguration.load(ConfigurationFile(name: "a", text: text))
        let agent = loaded.configuration
        #expect(loaded.warnings.isEmpty)
        #expect(agent.socketPath == "/run/agent/public/api.sock")
        #expect(agent.adminSocketPath == "/run/agent/public-not/admin.sock")
        #expect(agent.authorizedDelegates.map(\.uri) == ["spiffe://example.org/proxy"])
        #expect(agent.trustBundle == .url("https://bundles.test/b", .spiffe))
        #expect(agent.joinToken == .file("/token"))
        #expect(agent.workloadKeyType == .rsa2048)
        #expect(agent.availabilityTarget == .seconds(36 * 3600))
        #expect(agent.x509SVIDCacheSize == 50)
        #expect(agent.jwtSVIDCacheSize == 60)
        #expect(agent.allowsUnauthenticatedVerifiers)
        #expect(agent.allowedForeignJWTClaims == ["sub", "role"])
        #expect(agent.syncInterval == .seconds(2))
        #expect(agent.workloadRates == ["FetchX509SVID": 5, "FetchJWTBundles": 6])
        #expect(agent.keyManager == .disk(path: "/keys"))
        #expect(agent.workloadAttestors == [.unix(UnixAttestorSettings(discoversPath: true, sizeLimit: -1))])
    }

    @Test(arguments: [
        ("", true, true), ("disable_sds_api = true", true, true), ("disable_workload_api = true", false, true),
        ("disable_workload_api = true disable_sds_api = true", false, false),
    ])
    func readsWhatThePublicSocketServes(keys: String, servesWorkloadAPI: Bool, hasSocket: Bool) throws {
        let text = Fixture.completeAgent("insecure_bootstrap = true \(keys)")
        let agent = try AgentConfiguration.load(ConfigurationFile(name: "a", text: text)).configuration
        #expect(agent.servesWorkloadAPI == servesWorkloadAPI)
        #expect(agent.hasPublicSocket == hasSocket)
    }
}
