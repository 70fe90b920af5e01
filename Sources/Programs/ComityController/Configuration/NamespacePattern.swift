// SPDX-License-Identifier: Apache-2.0

/// A regular expression of `ignoreNamespaces`: a match anywhere in the name counts.
package struct NamespacePattern: @unchecked Sendable, CustomStringConvertible {
    /// Longer ones are mistakes.
    package static let maximumLength = 512

    package let description: String
    // Never changed once made, and matching keeps no state in it; only the type of its output is not marked.
    private let expression: Regex<AnyRegexOutput>

    /// - Throws: Why the text is no regular expression.
    package init(_ text: String) throws {
        description = text
        expression = try Regex(text)
    }

    package func matches(_ name: String) -> Bool {
        // Only captures with conversions of their own can fail, which texts do not have.
        (try? expression.firstMatch(in: name)) != nil
    }
}
