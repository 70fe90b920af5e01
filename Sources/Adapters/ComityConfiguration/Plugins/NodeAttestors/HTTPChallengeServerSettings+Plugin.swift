// SPDX-License-Identifier: Apache-2.0

import ComityAttestation

extension ConfigurationSection {
    private static let firstNonRootPort = 1024

    func httpChallengeServer() -> HTTPChallengeServerSettings {
        var settings = HTTPChallengeServerSettings()
        settings.allowedDNSPatterns = texts("allowed_dns_patterns").compactMap { setting in
            do {
                return try HostNamePattern(setting.value)
            } catch {
                faults.error(
                    "cannot compile allowed_dns_pattern: \(setting.value.quoted), \(error)", at: setting.place)
                return nil
            }
        }
        settings.requiredPort = port("required_port")
        settings.allowsNonRootPorts = flag("allow_non_root_ports") ?? true
        settings.trustsOnFirstUse = flag("tofu") ?? true
        // Anybody on a host can answer at such a port, so that a second answer could be another's.
        let isOpen = settings.requiredPort.map { $0 >= Self.firstNonRootPort } ?? settings.allowsNonRootPorts
        if !settings.trustsOnFirstUse, isOpen {
            faults.error(
                "you can not turn off trust on first use (TOFU) when non-root ports are allowed", at: place,
                cure: "set allow_non_root_ports = false or a required_port below 1024")
        }
        return settings
    }
}
