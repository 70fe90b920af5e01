// SPDX-License-Identifier: Apache-2.0

extension PluginCatalog {
    /// Reads the `plugins` section: what is enabled and supported, in file order.
    func plugins(in document: ConfigurationSection) -> [PluginConfiguration] {
        let faults = document.faults
        guard let section = document.section("plugins") else {
            faults.error("plugins section must be configured", at: nil)
            return []
        }
        var plugins: [PluginConfiguration] = []
        var isComplete = true
        for member in document.entries("plugins") {
            guard let kind = kinds.first(where: { $0.type.lowercased() == member.key.lowercased() }) else {
                reportUnknownType(member, faults)
                continue
            }
            for entry in section.entries(inPlugins: member) {
                let plugin = Self.plugin(kind.type, entry, faults)
                if plugins.contains(where: { $0.type == plugin.type && $0.name == plugin.name }) {
                    faults.error(
                        "plugin \"\(plugin.type)\"/\"\(plugin.name)\" declared more than once", at: entry.place)
                }
                plugins.append(plugin)
                if plugin.isEnabled, !kind.accepts(plugin, faults) { isComplete = false }
            }
        }
        let enabled = plugins.filter(\.isEnabled)
        for kind in kinds { kind.checkCount(enabled, at: section.place, faults) }
        return isComplete ? enabled : enabled.filter { plugin in kinds.contains { $0.isSupported(plugin) } }
    }

    private func reportUnknownType(_ member: ConfigurationMember, _ faults: FaultCollector) {
        let types = kinds.map(\.type)
        let cure = Suggestion.nearest(to: member.key, among: types).map { "did you mean \($0)?" }
        faults.error(
            "unknown plugin type \(member.key.quoted); must be one of [\(types.joined(separator: ", "))]",
            at: member.place, cure: cure)
    }

    private static func plugin(
        _ type: String, _ member: ConfigurationMember, _ faults: FaultCollector
    ) -> PluginConfiguration {
        let section = ConfigurationSection(
            "\(type) \"\(member.key.shortened)\"", at: member.place, members: member.value.members ?? [], faults: faults
        )
        if member.value.members == nil { section.expected("a block", for: member.key.shortened, member.value) }
        let isEnabled = section.flag("enabled") ?? true
        let data = section.dataNode()
        if isEnabled, data != nil, section.node("plugin_data_file") != nil {
            faults.error("only one of [plugin_data, plugin_data_file] can be used", at: member.place)
        }
        for key in ["plugin_cmd", "plugin_data_file"] where isEnabled { section.unsupported(key) }
        // Without a command these say nothing; with one, the fault is already told.
        for key in ["plugin_cmd", "plugin_data_file", "plugin_args", "plugin_checksum"] { section.accept(key) }
        section.reportUnknownKeys(.error)
        return PluginConfiguration(
            type: type, name: member.key, place: member.place, data: data, isEnabled: isEnabled)
    }
}

extension ConfigurationSection {
    /// Plugins of one type: labelled blocks, a map or a list of maps.
    fileprivate func entries(inPlugins member: ConfigurationMember) -> [ConfigurationMember] {
        guard let entries = member.value.members else {
            expected("a block", for: member.key, member.value)
            return []
        }
        return entries
    }

    /// `plugin_data` as one object, whatever way it is written.
    fileprivate func dataNode() -> ConfigurationNode? {
        guard let data = section("plugin_data") else { return nil }
        return ConfigurationNode(.object(entries("plugin_data")), at: data.place)
    }
}

extension PluginCatalog.Kind {
    fileprivate func isSupported(_ plugin: PluginConfiguration) -> Bool {
        plugin.type == type && supported.contains(plugin.name)
    }

    /// Says why a plugin cannot be used.
    fileprivate func accepts(_ plugin: PluginConfiguration, _ faults: FaultCollector) -> Bool {
        if isSupported(plugin) { return true }
        let title = "plugin \(type) \(plugin.name.quoted)"
        let choice = supported.isEmpty ? "no \(type) is supported" : "supported: \(supported.joined(separator: ", "))"
        if unsupported.contains(plugin.name) {
            faults.error("\(title) is not supported yet; \(choice)", at: plugin.place)
        } else {
            let nearest = Suggestion.nearest(to: plugin.name, among: supported + unsupported)
            faults.error(
                "\(title) is unknown; \(choice)", at: plugin.place, cure: nearest.map { "did you mean \"\($0)\"?" })
        }
        return false
    }

    fileprivate func checkCount(
        _ plugins: [PluginConfiguration], at place: ConfigurationPlace, _ faults: FaultCollector
    ) {
        let number = plugins.count { $0.type == type }
        guard !count.contains(number) else { return }
        let expectation =
            if count.lowerBound == count.upperBound {
                "exactly \(count.lowerBound)"
            } else {
                number < count.lowerBound ? "at least \(count.lowerBound)" : "at most \(count.upperBound)"
            }
        faults.error(
            "plugin type \"\(type)\" constraint not satisfied: expected \(expectation) but got \(number)", at: place)
    }
}
