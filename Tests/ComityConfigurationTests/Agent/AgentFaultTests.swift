// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityConfiguration
import Testing

@Suite struct AgentFaultTests {
    private func messages(_ keys: String, plugins: String = Fixture.agentPlugins) -> [String] {
        Fixture.agentFaults(Fixture.completeAgent(keys, plugins: plugins)).map {
            $0.replacing(#/agent\.conf:\d+:\d+: error: /#, with: "").replacing(#/\n    hint: .*/#, with: "")
        }
    }

    @Test func reportsAllThatIsMissingTogether() {
        #expect(
            Fixture.agentFaults("agent {}\nplugins {}").joined(separator: "\n") == """
                agent.conf:1:1: error: server_address must be configured
                agent.conf:1:1: error: server_port must be configured
                agent.conf:1:1: error: trust_domain must be configured
                agent.conf:1:1: error: trust_bundle_path or trust_bundle_url must be configured unless insecure_bootstrap is set
                    hint: write the output of `spire-server bundle show` to a file and name it by trust_bundle_path
                agent.conf:2:1: error: plugin type "KeyManager" constraint not satisfied: expected exactly 1 but got 0
                agent.conf:2:1: error: plugin type "NodeAttestor" constraint not satisfied: expected exactly 1 but got 0
                agent.conf:2:1: error: plugin type "WorkloadAttestor" constraint not satisfied: expected at least 1 but got 0
                """)
        #expect(Fixture.agentFaults("server {}") == ["agent.conf: error: agent section must be configured"])
    }

    @Test(arguments: [
        (
            "trust_bundle_path = \"a\" trust_bundle_url = \"https://b\" insecure_bootstrap = true",
            "only one of insecure_bootstrap, trust_bundle_url, or trust_bundle_path can be specified, not the three options"
        ),
        (
            "trust_bundle_url = \"https://b\" insecure_bootstrap = true",
            "only one of insecure_bootstrap or trust_bundle_url can be specified, not both"
        ),
        (
            "trust_bundle_path = \"a\" insecure_bootstrap = true",
            "only one of insecure_bootstrap or trust_bundle_path can be specified, not both"
        ),
        (
            "trust_bundle_path = \"a\" trust_bundle_url = \"https://b\"",
            "only one of trust_bundle_url or trust_bundle_path can be specified, not both"
        ),
        ("trust_bundle_url = \"http://b\"", "trust bundle URL must start with https://"),
        (
            "trust_bundle_path = \"a\" trust_bundle_format = \"jwks\"",
            "invalid value for trust_bundle_format, expected \"pem\" or \"spiffe\""
        ),
        (
            "insecure_bootstrap = true join_token = \"a\" join_token_file = \"b\"",
            "only one of join_token or join_token_file can be specified, not both"
        ),
        ("insecure_bootstrap = true availability_target = \"23h\"", "availability_target must be at least 24h0m0s"),
        (
            "insecure_bootstrap = true workload_x509_svid_key_type = \"rsa-4096\"",
            "error parsing workload_x509_svid_key_type: key type \"rsa-4096\" is unknown; must be one of [rsa-2048, ec-p256, ec-p384]"
        ),
        (
            "insecure_bootstrap = true socket_path = \"/run/a/api.sock\" admin_socket_path = \"/run/a/./b/../admin.sock\"",
            "admin socket cannot be in the same directory or a subdirectory as that containing the Workload API socket"
        ),
        (
            "insecure_bootstrap = true socket_path = \"/run/a/api.sock\" admin_socket_path = \"/run/a/b/c/admin.sock\"",
            "admin socket cannot be in the same directory or a subdirectory as that containing the Workload API socket"
        ),
        (
            "insecure_bootstrap = true authorized_delegates = [\"spiffe://other.test/a\"]",
            "error validating authorized delegate: \"spiffe://other.test/a\" is not a member of trust domain "
                + "\"example.org\""
        ),
        (
            "insecure_bootstrap = true authorized_delegates = [\"example.org/a\"]",
            "error validating authorized delegate \"example.org/a\": scheme is missing or invalid"
        ),
        (
            "insecure_bootstrap = true rebootstrap_mode = \"auto\"",
            "rebootstrap_mode \"auto\" cannot be used with insecure_bootstrap"
        ),
        (
            "trust_bundle_unix_socket = \"/s\" trust_bundle_url = \"https://x/\"",
            "trust bundle URL must start with http:// when trust_bundle_unix_socket is set"
        ),
        (
            "trust_bundle_unix_socket = \"/s\" trust_bundle_url = \"http://x/?a=1&spire-x=2\"",
            "trust bundle URL parameters must not start with spire- or spiffe-"
        ),
        (
            "trust_bundle_path = \"/a\" trust_bundle_spiffe_workload_api = \"/s\"",
            "only one of insecure_bootstrap, trust_bundle_url, trust_bundle_path, or trust_bundle_spiffe_workload_api can be specified"
        ),
        (
            "insecure_bootstrap = true rebootstrap_mode = \"often\"",
            "agent.rebootstrap_mode \"often\" is unknown; must be one of [never, auto, always]"
        ),
        (
            "insecure_bootstrap = true experimental { use_sync_authorized_entries = false }",
            "agent.experimental.use_sync_authorized_entries = false is not supported"
        ),
        ("insecure_bootstrap = true bind_port = 1", "unknown configuration detected: agent: bind_port"),
    ])
    func saysWhatIsWrong(keys: String, message: String) {
        #expect(messages(keys) == [message])
    }

    @Test(arguments: [
        (
            "trust_bundle_unix_socket = \"/s\" trust_bundle_url = \"http://x/b?a=1\" trust_bundle_format = \"spiffe\"",
            TrustBundleConfiguration.unixSocket(path: "/s", url: "http://x/b?a=1", .spiffe)
        ),
        ("trust_bundle_spiffe_workload_api = \"/s\"", .workloadAPI(address: "unix:///s")),
        ("trust_bundle_spiffe_workload_api = \"tcp://127.0.0.1:1\"", .workloadAPI(address: "tcp://127.0.0.1:1")),
    ])
    func readsSourcesOfBundles(keys: String, source: TrustBundleConfiguration) throws {
        let file = ConfigurationFile(name: "agent.conf", text: Fixture.completeAgent(keys))
        #expect(try AgentConfiguration.load(file).configuration.trustBundle == source)
    }

    @Test func readsWhenToBeginAnew() throws {
        func policy(_ keys: String) throws -> RebootstrapPolicy {
            let text = Fixture.completeAgent("trust_bundle_path = \"/b\" \(keys)")
            return try AgentConfiguration.load(ConfigurationFile(name: "a", text: text)).configuration.rebootstrap
        }
        #expect(try policy("") == RebootstrapPolicy(mode: .never, delay: 600))
        let keys = "rebootstrap_mode = \"always\" rebootstrap_delay = \"5m\""
        #expect(try policy(keys) == RebootstrapPolicy(mode: .always, delay: 300))
    }

    @Test(arguments: [
        "rebootstrap_mode = \"never\"", "disable_sds_api = true", "sds {}", "log_selectors = []",
        "experimental { ratelimit { fetch_x509_svid = 0 } feature_flags = [] }",
    ])
    func acceptsWhatChangesNothing(keys: String) {
        #expect(messages("insecure_bootstrap = true \(keys)") == [])
    }

    @Test func refusesAttestorsItDoesNotHaveYet() {
        let plugins = "plugins { KeyManager \"memory\" {} NodeAttestor \"tpm_devid\" {} WorkloadAttestor \"slurm\" {} }"
        #expect(
            messages("insecure_bootstrap = true", plugins: plugins) == [
                "plugin NodeAttestor \"tpm_devid\" is not supported yet; supported: http_challenge, join_token, k8s_psat, sshpop, x509pop",
                "plugin WorkloadAttestor \"slurm\" is not supported yet; supported: docker, k8s, systemd, unix",
            ])
    }
}
