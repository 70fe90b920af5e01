// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

extension WorkloadAttestorSettings {
    /// Reads the data of a plugin; nil after a fault.
    init?(_ plugin: PluginConfiguration, _ faults: FaultCollector) {
        let section = plugin.section(faults)
        let count = faults.errorCount
        switch plugin.name {
        case "docker": self = .docker(section.dockerAttestor())
        case "k8s": self = .kubernetes(section.kubernetesAttestor())
        case "systemd": self = .systemd
        case "unix": self = .unix(section.unixAttestor())
        case let name: preconditionFailure("the catalog has workload attestor \(name), which nothing reads")
        }
        section.reportUnknownPluginKeys()
        if faults.errorCount > count { return nil }
    }
}

extension ConfigurationSection {
    fileprivate func unixAttestor() -> UnixAttestorSettings {
        UnixAttestorSettings(
            discoversPath: flag("discover_workload_path") ?? false,
            sizeLimit: Int64(integer("workload_size_limit", in: .min ... .max) ?? 0))
    }

    fileprivate func dockerAttestor() -> DockerAttestorSettings {
        var settings = DockerAttestorSettings()
        settings.socketPath = socketPath("docker_socket_path") ?? settings.socketPath
        settings.podmanSocketPath = socketPath("podman_socket_path") ?? settings.podmanSocketPath
        settings.podmanSocketTemplate = socketPath("podman_socket_path_template")
        settings.version = dockerVersion()
        settings.locator = containerLocator()
        accept("verbose_container_locator_logs")
        for key in ["sigstore", "experimental"] { unsupported(key) }
        return settings
    }

    /// The path of an address such as `unix:///var/run/docker.sock`.
    private func socketPath(_ key: String) -> String? {
        guard let setting = text(key) else { return nil }
        guard setting.value.hasPrefix("unix:///") else {
            faults.error(
                "\(path(key)) \(setting.value.quoted) must begin with unix:///", at: setting.place,
                cure: "only sockets of this machine are asked")
            return nil
        }
        return String(setting.value.dropFirst("unix://".count))
    }

    private func dockerVersion() -> String? {
        guard let setting = text("docker_version") else { return nil }
        let numbers = setting.value.split(separator: ".", omittingEmptySubsequences: false).map { UInt16($0) }
        guard numbers.count == 2, !numbers.contains(nil) else {
            faults.error(
                "\(path("docker_version")) \(setting.value.quoted) must be two numbers such as 1.43", at: setting.place)
            return nil
        }
        return setting.value
    }

    private func containerLocator() -> ContainerLocator {
        let matchers = texts("container_id_cgroup_matchers")
        guard flag("use_new_container_locator") ?? true else {
            for matcher in matchers where !matcher.value.split(separator: "/").contains("<id>") {
                faults.error(
                    "pattern \(matcher.value.quoted) must contain the container id token \"<id>\" exactly once",
                    at: matcher.place)
            }
            return matchers.isEmpty ? .docker : .patterns(matchers.map(\.value))
        }
        if let first = matchers.first {
            faults.error(
                "the new container locator and custom cgroup matchers cannot both be used", at: first.place,
                cure: "set use_new_container_locator = false or remove container_id_cgroup_matchers")
        }
        return .anyRuntime
    }
}
