// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityConfiguration
import ComityRegistry
import ComityServer
import ComityTelemetry
import SPIFFE
import Testing

@Suite struct ServerSettingsTests {
    @Test func takesEverythingFromTheConfiguration() throws {
        let settings = try settings(
            """
            server {
                bind_address = "192.0.2.1"
                bind_port = "9081"
                socket_path = "/run/s/api.sock"
                trust_domain = "example.org"
                data_dir = "/var/s"
                ca_ttl = "12h"
                ca_key_type = "ec-p384"
                jwt_key_type = "rsa-2048"
                default_x509_svid_ttl = "30m"
                default_jwt_svid_ttl = "2m"
                agent_ttl = "40m"
                jwt_issuer = "https://issuer.example.org"
                admin_ids = ["spiffe://example.org/admin"]
                ratelimit { attestation = false }
                federation {
                    bundle_endpoint {
                        address = "127.0.0.1"
                        port = 8443
                        refresh_hint = "10m"
                        profile "https_spiffe" {}
                    }
                    federates_with "other.org" {
                        bundle_endpoint_url = "https://other.org:8443"
                        bundle_endpoint_profile "https_web" {}
                    }
                }
            }
            plugins {
                DataStore "sql" {
                    plugin_data {
                        database_type = "sqlite3"
                        connection_string = "/var/s/data.sqlite3"
                    }
                }
                NodeAttestor "join_token" { plugin_data {} }
                KeyManager "disk" { plugin_data { keys_path = "/var/s/keys.json" } }
            }
            health_checks {
                listener_enabled = true
                bind_port = "8080"
            }
            """)
        #expect(settings.trustDomain.name == "example.org")
        #expect(settings.bindAddress == "192.0.2.1" && settings.bindPort == 9081)
        #expect(settings.socketPath == "/run/s/api.sock" && settings.dataFolder == "/var/s")
        #expect(settings.database == .file(path: "/var/s/data.sqlite3"))
        #expect(settings.keys == .disk(path: "/var/s/keys.json"))
        #expect(settings.adminIDs == [try SPIFFEID("spiffe://example.org/admin")])
        #expect(!settings.limitsAttestationRate && settings.limitsSigningRate)
        #expect(
            settings.bundleEndpoint
                == BundleEndpointSettings(
                    address: "127.0.0.1", port: 8443, profile: .httpsSPIFFE, refreshHint: 600))
        #expect(settings.relationships.map(\.trustDomain.name) == ["other.org"])
        #expect(settings.health?.port == 8080)
        let authority = settings.authority
        #expect(authority.authorityTTL == 43200 && authority.refreshHint == 600)
        #expect(authority.x509KeyType == .ecP384 && authority.jwtKeyType == .rsa2048)
        #expect(authority.jwtIssuer == "https://issuer.example.org")
        let lifetimes = authority.lifetimes
        #expect(lifetimes.x509 == 1800 && lifetimes.jwt == 120 && lifetimes.ofAgents == 2400)
    }

    @Test func leavesOutWhatIsNotConfigured() throws {
        let settings = try settings(
            """
            server {
                trust_domain = "example.org"
                data_dir = "./data"
            }
            plugins {
                DataStore "sql" {
                    plugin_data {
                        database_type = "sqlite3"
                        connection_string = "file:mem?mode=memory"
                    }
                }
                KeyManager "memory" { plugin_data {} }
            }
            """)
        #expect(settings.database == .temporary && settings.keys == .memory)
        #expect(settings.bindPort == 8081 && settings.socketPath == ServerConfiguration.defaultSocketPath)
        #expect(settings.bundleEndpoint == nil && settings.health == nil && settings.relationships.isEmpty)
        #expect(settings.limitsAttestationRate && settings.limitsSigningRate)
        #expect(settings.authority.refreshHint == 300)
    }

    private func settings(_ text: String) throws -> ServerSettings {
        let loaded = try ServerConfiguration.load(ConfigurationFile(name: "server.conf", text: text))
        return try ServerSettings(loaded.configuration)
    }
}
