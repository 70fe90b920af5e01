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
