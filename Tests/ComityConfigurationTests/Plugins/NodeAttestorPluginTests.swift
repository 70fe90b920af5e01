// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityConfiguration
import Testing

@Suite struct NodeAttestorPluginTests {
    @Test func readsWhatServersAreTold() throws {
        let attestors = try server(
            """
            NodeAttestor "join_token" {}
            NodeAttestor "x509pop" { plugin_data {
                ca_bundle_paths = ["/a", "/b"]
                agent_path_template = "/cn/{{ .Subject.CommonName }}"
                max_intermediates = 2
                max_rsa_key_size = 4096
                verify_client_ip = true
            } }
            NodeAttestor "sshpop" { plugin_data {
                cert_authorities = ["ssh-ed25519 AAAA"] cert_authorities_path = "/cas" canonical_domain = "example.org"
            } }
            NodeAttestor "http_challenge" { plugin_data {
                allowed_dns_patterns = ["p[0-9]\\\\.example\\\\.com"] required_port = 80 tofu = false
            } }
            """)
        var x509pop = X509PopServerSettings(
            trust: .files(["/a", "/b"]), template: try AgentPathTemplate("/cn/{{ .Subject.CommonName }}"))
        x509pop.maximumIntermediates = 2
        x509pop.maximumRSAKeySize = 4096
        x509pop.verifiesClientAddress = true
        var challenge = HTTPChallengeServerSettings()
        challenge.allowedDNSPatterns = [try HostNamePattern("p[0-9]\\.example\\.com")]
        challenge.requiredPort = 80
        challenge.trustsOnFirstUse = false
        #expect(
            attestors == [
                .joinToken, .x509pop(x509pop),
                .sshpop(
                    SSHPopServerSettings(
                        authorities: ["ssh-ed25519 AAAA"], authoritiesPath: "/cas", canonicalDomain: "example.org")),
                .httpChallenge(challenge),
            ])
    }

    @Test(arguments: [("", "/spire-exchange/"), ("spiffe_prefix = \"/x\"", "/x/"), ("spiffe_prefix = \"/y/\"", "/y/")])
    func readsTheModeSPIFFE(prefix: String, result: String) throws {
        let attestors = try server("NodeAttestor \"x509pop\" { plugin_data { mode = \"spiffe\" \(prefix) } }")
        let settings = X509PopServerSettings(trust: .trustDomain(prefix: result))
        #expect(attestors == [.x509pop(settings)])
        #expect(settings.template.text == "/{{ .PluginName }}/{{ .SVIDPathTrimmed }}")
    }

    @Test(arguments: [
        ("x509pop", "", "one of ca_bundle_path or ca_bundle_paths must be configured"),
        (
            "x509pop", "mode = \"spiffe\" ca_bundle_path = \"/a\"",
            "you can not use ca_bundle_path or ca_bundle_paths in spiffe mode"
        ),
        (
            "x509pop", "ca_bundle_path = \"/a\" ca_bundle_paths = [\"/b\"]",
            "only one of ca_bundle_path or ca_bundle_paths can be configured, not both"
        ),
        ("x509pop", "mode = \"x\"", "mode \"x\" is unknown; must be one of [external_pki, spiffe]"),
        (
            "x509pop", "ca_bundle_path = \"/a\" agent_path_template = \"{{ nope }}\"",
            "failed to parse agent svid template: \"{{ nope }}\": template: agent-path:1: function \"nope\" not defined"
        ),
        (
            "x509pop", "ca_bundle_path = \"/a\" ca_bundel = 1 b = 2",
            "plugin NodeAttestor \"x509pop\": unknown configurations detected: ca_bundel,b"
        ),
        ("sshpop", "", "missing required config value for \"cert_authorities\" or \"cert_authorities_path\""),
        ("http_challenge", "allowed_dns_patterns = [\"*\"]", "cannot compile allowed_dns_pattern: \"*\", "),
        (
            "http_challenge", "tofu = false",
            "you can not turn off trust on first use (TOFU) when non-root ports are allowed"
        ),
        (
            "http_challenge", "tofu = false required_port = 1024",
            "you can not turn off trust on first use (TOFU) when non-root ports are allowed"
        ),
        ("join_token", "x = 1", "plugin NodeAttestor \"join_token\": unknown configurations detected: x"),
    ])
    func saysWhatIsWrongForServers(name: String, data: String, message: String) {
        let faults = Fixture.serverFaults(
            Fixture.completeServer("", plugins: plugins("NodeAttestor \"\(name)\" { plugin_data { \(data) } }")))
        #expect(faults.count == 1)
        #expect(faults.first?.contains("error: \(message)") == true, "\(faults)")
    }

    @Test(arguments: [
        ("required_port = 1023", true), ("allow_non_root_ports = false", true), ("required_port = 2000", false),
    ])
    func trustMayBeRepeatedWhereOnlyRootListens(data: String, isAllowed: Bool) {
        let plugin = "NodeAttestor \"http_challenge\" { plugin_data { tofu = false \(data) } }"
        #expect(Fixture.serverFaults(Fixture.completeServer("", plugins: plugins(plugin))).isEmpty == isAllowed)
    }

    @Test(arguments: [
        (
            "x509pop", "private_key_path = \"/k\" certificate_path = \"/c\" intermediates_path = \"/i\"",
            AgentNodeAttestorSettings.x509pop(.files(certificatePath: "/c", keyPath: "/k", intermediatesPath: "/i"))
        ),
        ("x509pop", "spiffe_endpoint_socket = \"unix:///s\"", .x509pop(.workloadAPI(address: "unix:///s"))),
        ("x509pop", "spiffe_endpoint_socket = \"/s\"", .x509pop(.workloadAPI(address: "unix:///s"))),
        ("sshpop", "", .sshpop(SSHPopAgentSettings())),
        (
            "sshpop", "host_key_path = \"/k\"",
            .sshpop(SSHPopAgentSettings(keyPath: "/k", certificatePath: "/k-cert.pub"))
        ),
        ("http_challenge", "", .httpChallenge(HTTPChallengeAgentSettings())),
        ("join_token", "", .joinToken),
    ])
    func readsWhatAgentsAreTold(name: String, data: String, settings: AgentNodeAttestorSettings) throws {
        let text = Fixture.completeAgent("insecure_bootstrap = true", plugins: agentPlugins(name, data))
        let file = ConfigurationFile(name: "agent.conf", text: text)
        #expect(try AgentConfiguration.load(file).configuration.nodeAttestor == settings)
    }

    @Test(arguments: [
        ("x509pop", "", ["private_key_path is required", "certificate_path is required"]),
        ("x509pop", "spiffe_endpoint_socket = \"/s\" certificate_path = \"/c\"", ["takes the place of"]),
        ("sshpop", "host_key = \"/k\"", ["unknown configurations detected: host_key"]),
        ("http_challenge", "port = 70000", ["must be between 1 and 65535"]),
    ])
    func saysWhatIsWrongForAgents(name: String, data: String, messages: [String]) {
        let faults = Fixture.agentFaults(
            Fixture.completeAgent("insecure_bootstrap = true", plugins: agentPlugins(name, data)))
        #expect(faults.count == messages.count)
        for message in messages { #expect(faults.contains { $0.contains(message) }, "\(faults)") }
    }

    @Test func readsWhichNodesAreForgotten() throws {
        func configuration(_ keys: String) throws -> ServerConfiguration {
            let file = ConfigurationFile(name: "s", text: Fixture.completeServer(keys))
            return try ServerConfiguration.load(file).configuration
        }
        #expect(try configuration("prune_tofu_nodes = true").nodePruning == nil)
        let plain = try #require(try configuration("prune_attested_nodes_expired_for = \"24h\"").nodePruning)
        #expect(plain.expiredFor == .seconds(86400))
        #expect(plain.batchSize == 1000)
        #expect(!plain.includesNonReattestable)
        let keys = """
            prune_attested_nodes_expired_for = "1m" prune_attested_nodes_batch_size = 5 prune_tofu_nodes = true
            experimental { agent_spiffe_id_as_selector = true }
            """
        let full = try configuration(keys)
        #expect(full.nodePruning?.batchSize == 5)
        #expect(full.nodePruning?.includesNonReattestable == true)
        #expect(full.makesAgentIDSelector)
    }

    private func server(_ attestors: String) throws -> [ServerNodeAttestorSettings] {
        let file = ConfigurationFile(name: "s", text: Fixture.completeServer("", plugins: plugins(attestors)))
        return try ServerConfiguration.load(file).configuration.nodeAttestors
    }

    private func plugins(_ attestors: String) -> String {
        """
        plugins {
            DataStore "sql" { plugin_data { database_type = "sqlite3" connection_string = "/d.sqlite3" } }
            KeyManager "memory" {}
            \(attestors)
        }
        """
    }

    private func agentPlugins(_ name: String, _ data: String) -> String {
        """
        plugins {
            KeyManager "memory" {}
            NodeAttestor "\(name)" { plugin_data { \(data) } }
            WorkloadAttestor "unix" {}
        }
        """
    }
}
