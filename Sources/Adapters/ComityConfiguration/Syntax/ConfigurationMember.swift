// SPDX-License-Identifier: Apache-2.0

/// One `key = value` or `key { }` of a configuration object.
package struct ConfigurationMember: Sendable, Hashable {
    package var key: String
    package var place: ConfigurationPlace
    package var value: ConfigurationNode

    package init(key: String, place: ConfigurationPlace, value: ConfigurationNode) {
        self.key = key
        self.place = place
        self.value = value
    }
}
