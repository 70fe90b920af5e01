// SPDX-License-Identifier: Apache-2.0

/// What a template may do, and what it may cost: whoever writes it need not be trusted.
package struct TemplateOptions: Hashable, Sendable {
    /// What asking a map for a field that it does not have gives.
    package enum MissingKey: Hashable, Sendable {
        /// `<no value>`, as Go has it unless told otherwise.
        case noValue
        /// An error.
        case error
    }

    package var functions = TemplateFunctions.go
    package var missingKey = MissingKey.noValue
    package var maximumTextBytes = 64 * 1024
    package var maximumOutputBytes = 64 * 1024
    /// Nodes walked and functions called in one rendering.
    package var maximumSteps = 100_000
    /// Of nested actions and parentheses, and of templates that call each other.
    package var maximumDepth = 64

    package init() {}
}
