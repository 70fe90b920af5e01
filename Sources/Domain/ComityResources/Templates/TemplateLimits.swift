// SPDX-License-Identifier: Apache-2.0

/// What a template may cost. Whoever may write the custom resource may write the template.
package struct TemplateLimits: Hashable, Sendable {
    package var maximumTextBytes = 64 * 1024
    package var maximumOutputBytes = 64 * 1024
    /// Nodes walked and functions called in one rendering.
    package var maximumSteps = 100_000
    /// Of nested actions and parentheses, and of templates that call each other.
    package var maximumDepth = 64

    package init() {}
}
