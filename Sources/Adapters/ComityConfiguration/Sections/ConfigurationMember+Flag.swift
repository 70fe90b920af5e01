// SPDX-License-Identifier: Apache-2.0

extension ConfigurationMember {
    /// A member that a flag of the command line stands for; nil when the flag was not given.
    static func flag(_ key: String, _ text: String) -> ConfigurationMember? {
        text.isEmpty ? nil : ConfigurationMember(key, .string(text))
    }

    static func flag(_ key: String, _ number: Int) -> ConfigurationMember? {
        number == 0 ? nil : ConfigurationMember(key, .number(String(number)))
    }

    static func flag(_ key: String, _ isSet: Bool) -> ConfigurationMember? {
        isSet ? ConfigurationMember(key, .bool(true)) : nil
    }

    private init(_ key: String, _ value: ConfigurationNode.Value) {
        self.init(key: key, place: .commandLine, value: ConfigurationNode(value, at: .commandLine))
    }
}
