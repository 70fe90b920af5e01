// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityConfiguration
import Testing

@Suite struct WorkloadAttestorPluginTests {
    @Test func readsSeveralInTheirOrder() throws {
        let attestors = try load(
            """
            WorkloadAttestor "systemd" {}
            WorkloadAttestor "docker" {}
            WorkloadAttestor "unix" { plugin_data { discover_workload_path = true workload_size_limit = 5 } }
            """)
        #expect(
            attestors == [
                .systemd, .docker(DockerAttestorSettings()),
                .unix(UnixAttestorSettings(discoversPath: true, sizeLimit: 5)),
            ])
    }

    @Test func readsDocker() throws {
        let attestors = try load(
            """
            WorkloadAttestor "docker" { plugin_data {
                docker_socket_path = "unix:///d" podman_socket_path = "unix:///p"
                podman_socket_path_template = "unix:///run/user/%d/podman.sock" docker_version = "1.43"
                use_new_container_locator = false container_id_cgroup_matchers = ["/my/<id>"]
            } }
            """)
        var settings = DockerAttestorSettings()
        settings.socketPath = "/d"
        settings.podmanSocketPath = "/p"
        settings.podmanSocketTemplate = "/run/user/%d/podman.sock"
        settings.version = "1.43"
        settings.locator = .patterns(["/my/<id>"])
        #expect(attestors == [.docker(settings)])
    }

    @Test func readsKubernetes() throws {
        var settings = KubernetesAttestorSettings()
        #expect(try load("WorkloadAttestor \"k8s\" {}") == [.kubernetes(settings)])
        settings.connection = .secure(port: 10251, authorityPath: "/ca", .certificate(path: "/c", keyPath: "/k"))
        settings.nodeName = "node-1"
        settings.nodeNameVariable = "NODE"
        settings.maximumAttempts = 5
        settings.retryInterval = .milliseconds(250)
        settings.tellsContainers = false
        let all = """
            WorkloadAttestor "k8s" { plugin_data {
                kubelet_secure_port = "10251" kubelet_ca_path = "/ca" certificate_path = "/c" private_key_path = "/k"
                node_name = "node-1" node_name_env = "NODE" max_poll_attempts = 5 poll_retry_interval = "250ms"
                reload_interval = "1m" disable_container_selectors = true use_new_container_locator = false
                verbose_container_locator_logs = true
            } }
            """
        #expect(try load(all) == [.kubernetes(settings)])
    }

    @Test(arguments: [
        ("kubelet_read_only_port = 10255", KubernetesAttestorSettings.Connection.plain(port: 10255)),
        (
            "skip_kubelet_verification = true",
            .secure(port: 10250, authorityPath: nil, .token(path: KubernetesAttestorSettings.defaultTokenPath))
        ),
        (
            "use_anonymous_authentication = true kubelet_ca_path = \"/ca\" token_path = \"/t\"",
            .secure(port: 10250, authorityPath: "/ca", .none)
        ),
        (
            "token_path = \"/t\"",
            .secure(
                port: 10250, authorityPath: KubernetesAttestorSettings.defaultAuthorityPath, .token(path: "/t"))
        ),
    ])
    func readsHowTheKubeletIsAsked(data: String, connection: KubernetesAttestorSettings.Connection) throws {
        var settings = KubernetesAttestorSettings()
        settings.connection = connection
        #expect(try load("WorkloadAttestor \"k8s\" { plugin_data { \(data) } }") == [.kubernetes(settings)])
    }

    @Test(arguments: [
        ("docker", "docker_socket_path = \"tcp://1.2.3.4:1\"", "must begin with unix:///"),
        ("docker", "docker_version = \"latest\"", "must be two numbers such as 1.43"),
        (
            "docker", "container_id_cgroup_matchers = [\"/a/<id>\"]",
            "the new container locator and custom cgroup matchers cannot both be used"
        ),
        (
            "docker", "use_new_container_locator = false container_id_cgroup_matchers = [\"/a\"]",
            "must contain the container id token \"<id>\" exactly once"
        ),
        ("docker", "sigstore { rekor_url = \"x\" }", "sigstore is not supported yet"),
        ("docker", "socket = 1", "unknown configurations detected: socket"),
        (
            "k8s", "kubelet_read_only_port = 1 kubelet_secure_port = 2",
            "cannot use both the read-only and secure port"
        ),
        ("k8s", "certificate_path = \"/c\"", "the private key path is required with the certificate path"),
        ("k8s", "private_key_path = \"/k\"", "the certificate path is required with the private key path"),
        ("k8s", "poll_retry_interval = \"soon\"", "could not parse poll retry interval \"soon\""),
        ("k8s", "reload_interval = \"soon\"", "could not parse reload interval \"soon\""),
        ("k8s", "max_poll_attempts = -1", "must be between 1 and 100000"),
        ("k8s", "sigstore { rekor_url = \"x\" }", "signatures of images are not verified yet"),
        ("k8s", "enable_namespace_labels = true", "only the kubelet is asked, which knows no namespaces"),
        ("k8s", "disable_kubelet_client = true", "pods are known from the kubelet only"),
        ("k8s", "experimental { api_server { cache { enabled = true } } }", "experimental is not supported yet"),
        ("k8s", "kubelet_port = 1", "unknown configurations detected: kubelet_port"),
        ("systemd", "a = 1 b = 2", "plugin WorkloadAttestor \"systemd\": unknown configurations detected: a,b"),
    ])
    func saysWhatIsWrong(name: String, data: String, message: String) {
        let plugins = plugins("WorkloadAttestor \"\(name)\" { plugin_data { \(data) } }")
        let faults = Fixture.agentFaults(Fixture.completeAgent("insecure_bootstrap = true", plugins: plugins))
        #expect(faults.count == 1)
        #expect(faults.first?.contains(message) == true, "\(faults)")
    }

    private func load(_ attestors: String) throws -> [WorkloadAttestorSettings] {
        let text = Fixture.completeAgent("insecure_bootstrap = true", plugins: plugins(attestors))
        return try AgentConfiguration.load(ConfigurationFile(name: "a", text: text)).configuration.workloadAttestors
    }

    private func plugins(_ attestors: String) -> String {
        "plugins {\n KeyManager \"memory\" {}\n NodeAttestor \"join_token\" {}\n \(attestors)\n }"
    }
}
