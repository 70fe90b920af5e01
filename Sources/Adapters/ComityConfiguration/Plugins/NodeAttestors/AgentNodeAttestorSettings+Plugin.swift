// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

extension AgentNodeAttestorSettings {
    /// Reads the data of a plugin; nil after a fault.
    init?(_ plugin: PluginConfiguration, _ faults: FaultCollector) {
        let section = plugin.section(faults)
        defer { section.reportUnknownPluginKeys() }
        switch plugin.name {
        case "x509pop":
            guard let settings = section.x509popAgent() else { return nil }
            self = .x509pop(settings)
        case "sshpop":
            self = .sshpop(
                SSHPopAgentSettings(
                    keyPath: section.text("host_key_path")?.value,
                    certificatePath: section.text("host_cert_path")?.value))
        case "http_challenge": self = .httpChallenge(section.httpChallengeAgent())
        case "k8s_psat":
            guard let settings = section.psatAgent() else { return nil }
            self = .kubernetesToken(settings)
        default: self = .joinToken
        }
    }
}

extension ConfigurationSection {
    fileprivate func httpChallengeAgent() -> HTTPChallengeAgentSettings {
        var settings = HTTPChallengeAgentSettings()
        settings.hostName = text("hostname")?.value
        settings.agentName = text("agentname")?.value ?? settings.agentName
        settings.port = port("port") ?? settings.port
        settings.advertisedPort = port("advertised_port")
        return settings
    }

    fileprivate func x509popAgent() -> X509PopAgentSettings? {
        let socket = text("spiffe_endpoint_socket")
        let certificate = text("certificate_path")
        let key = text("private_key_path")
        let intermediates = text("intermediates_path")
        if let socket {
            if let file = certificate ?? key ?? intermediates {
                faults.error(
                    "\(path("spiffe_endpoint_socket")) takes the place of private_key_path, certificate_path and "
                        + "intermediates_path", at: file.place)
                return nil
            }
            return .workloadAPI(address: socket.value.hasPrefix("/") ? "unix://\(socket.value)" : socket.value)
        }
        if key == nil { faults.error("private_key_path is required", at: place) }
        if certificate == nil { faults.error("certificate_path is required", at: place) }
        guard let key, let certificate else { return nil }
        return .files(
            certificatePath: certificate.value, keyPath: key.value, intermediatesPath: intermediates?.value)
    }
}
