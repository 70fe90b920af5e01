// SPDX-License-Identifier: Apache-2.0

/// Where a program keeps its private keys.
package enum KeyManagerConfiguration: Sendable, Hashable {
    case memory
    /// For a server `keys_path`; for an agent the file `keys.json` in `directory`.
    case disk(path: String)

    /// - Parameter key: the key of the disk plugin that names the place.
    init?(_ plugin: PluginConfiguration, pathKey: String, _ faults: FaultCollector) {
        let section = plugin.section(faults)
        guard plugin.name == "disk" else {
            self = .memory
            section.reportUnknownPluginKeys()
            return
        }
        let path = section.requiredText(pathKey, missing: "\(section.path(pathKey)) must be configured")
        section.reportUnknownPluginKeys()
        guard let path else { return nil }
        self = .disk(path: path.value)
    }
}
