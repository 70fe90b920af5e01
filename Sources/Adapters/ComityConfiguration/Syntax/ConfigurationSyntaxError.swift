// SPDX-License-Identifier: Apache-2.0

/// Text that is neither HCL nor JSON, with the place where reading ended.
package struct ConfigurationSyntaxError: Error, Sendable, Hashable {
    package var message: String
    package var place: ConfigurationPlace

    init(_ message: String, at place: ConfigurationPlace) {
        self.message = message
        self.place = place
    }
}
