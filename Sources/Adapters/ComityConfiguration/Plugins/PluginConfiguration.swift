// SPDX-License-Identifier: Apache-2.0

/// One block of the `plugins` section, not yet read by the plugin.
package struct PluginConfiguration: Sendable, Hashable {
    package var type: String
    package var name: String
    package var place: ConfigurationPlace
    /// `plugin_data`; nil when it is left out.
    package var data: ConfigurationNode?
    package var isEnabled: Bool

    /// A section over the plugin's own keys.
    func section(_ faults: FaultCollector) -> ConfigurationSection {
        ConfigurationSection(
            "\(type) \"\(name)\"", at: data?.place ?? place, members: data?.members ?? [], faults: faults)
    }
}
