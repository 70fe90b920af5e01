// SPDX-License-Identifier: Apache-2.0

/// Something that is worth an Event on a custom resource.
package struct ResourceEvent: Hashable, Sendable {
    package let isWarning: Bool
    /// In one word.
    package let reason: String
    package let message: String

    package init(isWarning: Bool, _ reason: String, _ message: String) {
        self.isWarning = isWarning
        self.reason = reason
        self.message = message
    }

    /// `Normal` or `Warning`.
    package var type: String { isWarning ? "Warning" : "Normal" }
}
