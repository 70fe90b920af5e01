// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

extension ConfigurationSection {
    func sshpopServer() -> SSHPopServerSettings {
        let authorities = texts("cert_authorities").map(\.value)
        let path = text("cert_authorities_path")
        if authorities.isEmpty, path == nil {
            faults.error(
                "missing required config value for \"cert_authorities\" or \"cert_authorities_path\"", at: place)
        }
        return SSHPopServerSettings(
            authorities: authorities, authoritiesPath: path?.value, canonicalDomain: text("canonical_domain")?.value,
            template: agentPathTemplate())
    }
}
