// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import Foundation
import SPIFFE
import Testing

/// The ConfigMaps with `server.conf` in JSON that people have.
@Suite(.serialized) struct SeedConfigMapTests {
    @Test(
        "S4 S17: server.conf as a ConfigMap's text, no profile, federates_with as maps: both servers start and federate"
    )
    func configMapsOfTwoClustersWork() async throws {
        let (one, two) = (try Deployment("cluster-1.test"), try Deployment("cluster-2.test"))
        for (domain, partner) in [(one, two), (two, one)] {
            let map = try #require(
                try await KubernetesObject.read(Self.configMap(domain, federatesWith: partner)).first)
            let text = try #require(map["data", "server.conf"]?.string)
            try text.write(toFile: domain.folder.path("conf/server.conf"), atomically: true, encoding: .utf8)
            try await domain.server("validate", "-config", domain.folder.path("conf/server.conf")).check()
        }
        let servers = (try await one.startServer(), try await two.startServer())
        defer { withExtendedLifetime(servers) {} }
        let served = try await ToolCommand.run("curl", ["-sk", one.bundleEndpointURL])
        #expect(try BundleDocumentText(served.check().output).keys.isEmpty == false)

        try await one.bootstrap(from: two)
        try await one.server("federation", "refresh", "-id", two.trustDomain).check()
        try await servers.0.line("Bundle refreshed")
    }

    /// The map form of `federates_with`, with the profile's own map inside, as the seeds have it.
    private static func configMap(_ domain: Deployment, federatesWith partner: Deployment) -> String {
        """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: spire-server
          namespace: spire
        data:
          server.conf: |
              {
                "server": {
                  "bind_address": "127.0.0.1",
                  "bind_port": "\(domain.ports.server)",
                  "socket_path": "\(domain.serverSocket)",
                  "trust_domain": "\(domain.trustDomain)",
                  "data_dir": "\(domain.folder.path("data"))",
                  "log_level": "debug",
                  "ca_key_type": "rsa-2048",
                  "ca_subject": [{"country": ["US"], "organization": ["RH"], "common_name": "\(domain.trustDomain)"}],
                  "ca_ttl": "24h",
                  "default_x509_svid_ttl": "1h",
                  "default_jwt_svid_ttl": "5m",
                  "jwt_issuer": "https://oidc-discovery.\(domain.trustDomain)",
                  "federation": {
                    "bundle_endpoint": {"address": "127.0.0.1", "port": \(domain.ports.bundleEndpoint)},
                    "federates_with": {
                      "\(partner.trustDomain)": {
                        "bundle_endpoint_url": "\(partner.bundleEndpointURL)",
                        "bundle_endpoint_profile": {
                          "https_spiffe": {"endpoint_spiffe_id": "spiffe://\(partner.trustDomain)/spire/server"}
                        }
                      }
                    }
                  }
                },
                "plugins": {
                  "DataStore": [
                    {"sql": {"plugin_data": {
                      "connection_string": "\(domain.folder.path("datastore.sqlite3"))", "database_type": "sqlite3"
                    }}}
                  ],
                  "KeyManager": [{"disk": {"plugin_data": {"keys_path": "\(domain.folder.path("keys.json"))"}}}],
                  "NodeAttestor": [{"join_token": {"plugin_data": {}}}]
                }
              }
        """
    }
}
