// SPDX-License-Identifier: Apache-2.0

extension AgentConfiguration {
    /// Reads an agent's configuration: flags before the file before the defaults.
    ///
    /// - Parameter environment: Replaces `$NAME` in the file when given (`-expandEnv`).
    package static func load(
        path: String = "", overrides: Overrides = Overrides(), expanding environment: [String: String]? = nil
    ) throws(ConfigurationFaults) -> LoadedConfiguration<AgentConfiguration> {
        let file = try ConfigurationFile(path: path.isEmpty ? defaultPath : path, expanding: environment)
        return try load(file, overrides: overrides)
    }

    package static func load(
        _ file: ConfigurationFile, overrides: Overrides = Overrides()
    ) throws(ConfigurationFaults) -> LoadedConfiguration<AgentConfiguration> {
        try .load(file, section: "agent", overrides: overrides.members) { AgentConfiguration($0) }
    }
}
