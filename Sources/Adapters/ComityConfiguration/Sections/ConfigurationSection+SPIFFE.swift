// SPDX-License-Identifier: Apache-2.0

import ComityAuthority
import ComityTelemetry
import SPIFFE

extension ConfigurationSection {
    func trustDomain() -> TrustDomain? {
        guard let setting = requiredText("trust_domain", missing: "trust_domain must be configured") else { return nil }
        do {
            return try TrustDomain(nameOrID: setting.value)
        } catch {
            faults.error("could not parse trust_domain \(setting.value.quoted): \(error)", at: setting.place)
            return nil
        }
    }

    func keyType(_ key: String, among types: [KeyType] = KeyType.allCases) -> KeyType? {
        guard let setting = text(key) else { return nil }
        guard let type = KeyType(rawValue: setting.value.lowercased()), types.contains(type) else {
            let names = types.map(\.rawValue).joined(separator: ", ")
            faults.error(
                "error parsing \(key): key type \(setting.value.quoted) is unknown; must be one of [\(names)]",
                at: setting.place)
            return nil
        }
        return type
    }

    /// The `log_*` keys that servers and agents share.
    func logSettings() -> LogSettings {
        let levels = LogLevel.allCases.map(\.rawValue)
        return LogSettings(
            level: choice("log_level", levels) { LogLevel(name: $0) } ?? .info,
            format: choice("log_format", ["text", "json"]) { LogFormat(name: $0) } ?? .standard,
            file: text("log_file")?.value, showsSourceLocation: flag("log_source_location") ?? false)
    }

    /// The profiling keys that servers and agents share; there is nothing to profile in the way of Go.
    func refuseProfiling() {
        for key in ["profiling_enabled", "profiling_port", "profiling_freq", "profiling_names"] { unsupported(key) }
    }

    /// The `health_checks` block; nil when nothing listens.
    func healthListener() -> HealthListenerSettings? {
        guard let checks = section("health_checks") else { return nil }
        defer { checks.reportUnknownKeys(.error) }
        let standard = HealthListenerSettings()
        let settings = HealthListenerSettings(
            address: checks.text("bind_address")?.value ?? standard.address,
            port: checks.port("bind_port") ?? standard.port,
            livePath: checks.path(of: "live_path") ?? standard.livePath,
            readyPath: checks.path(of: "ready_path") ?? standard.readyPath)
        return checks.flag("listener_enabled") == true ? settings : nil
    }

    private func path(of key: String) -> String? {
        guard let setting = text(key) else { return nil }
        guard setting.value.hasPrefix("/") else {
            faults.error("\(path(key)) must begin with a slash: \(setting.value.quoted)", at: setting.place)
            return nil
        }
        return setting.value
    }
}
