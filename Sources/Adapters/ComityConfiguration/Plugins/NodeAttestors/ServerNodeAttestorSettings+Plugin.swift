// SPDX-License-Identifier: Apache-2.0

import ComityAttestation
import ComityTemplates

extension ServerNodeAttestorSettings {
    /// Reads the data of a plugin; nil after a fault.
    init?(_ plugin: PluginConfiguration, _ faults: FaultCollector) {
        let section = plugin.section(faults)
        let count = faults.errorCount
        defer { section.reportUnknownPluginKeys() }
        switch plugin.name {
        case "x509pop": self = .x509pop(section.x509popServer())
        case "sshpop": self = .sshpop(section.sshpopServer())
        case "http_challenge": self = .httpChallenge(section.httpChallengeServer())
        case "k8s_psat": self = .kubernetesToken(section.psatServer())
        default: self = .joinToken
        }
        if faults.errorCount > count { return nil }
    }
}

extension ConfigurationSection {
    /// The template of agents' paths; nil when there is none, and after a fault.
    func agentPathTemplate() -> AgentPathTemplate? {
        guard let setting = text("agent_path_template") else { return nil }
        do throws(TemplateError) {
            return try AgentPathTemplate(setting.value)
        } catch {
            faults.error(
                "failed to parse agent svid template: \(setting.value.quoted): \(error)", at: setting.place,
                cure: "functions that can be used: \(AgentPathTemplate.functionNames.joined(separator: ", "))")
            return nil
        }
    }
}
