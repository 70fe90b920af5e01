// SPDX-License-Identifier: Apache-2.0

/// A configuration that can be used, and what its reader should know.
package struct LoadedConfiguration<Configuration: Sendable>: Sendable {
    package var configuration: Configuration
    /// To be logged by the program, message by message.
    package var warnings: [ConfigurationFault]

    package init(configuration: Configuration, warnings: [ConfigurationFault]) {
        self.configuration = configuration
        self.warnings = warnings
    }
}

extension LoadedConfiguration {
    /// Parses text, lays flags over it and decodes; all faults are thrown together.
    static func load(
        _ file: ConfigurationFile, section: String, overrides: [ConfigurationMember],
        decode: (ConfigurationSection) -> Configuration?
    ) throws(ConfigurationFaults) -> LoadedConfiguration {
        let root: ConfigurationNode
        do {
            root = try ConfigurationNode(parsing: file.text)
        } catch {
            let fault = ConfigurationFault(.error, file: file.name, place: error.place, message: error.message)
            throw ConfigurationFaults([fault])
        }
        var members = root.members ?? []
        if !overrides.isEmpty {
            let node = ConfigurationNode(.object(overrides), at: .commandLine)
            // After the file's own, since the last value counts.
            members.append(ConfigurationMember(key: section, place: .commandLine, value: node))
        }
        let faults = FaultCollector(file: file.name)
        let configuration = decode(ConfigurationSection("", at: root.place, members: members, faults: faults))
        guard let configuration, faults.errorCount == 0 else { throw ConfigurationFaults(faults.sorted) }
        return LoadedConfiguration(configuration: configuration, warnings: faults.sorted)
    }
}
