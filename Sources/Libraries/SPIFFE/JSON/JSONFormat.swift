// SPDX-License-Identifier: Apache-2.0

/// How a JSON value is laid out as text.
public struct JSONFormat: Hashable, Sendable {
    /// Spaces per level; 0 writes everything on one line, without any white space.
    public var indentation: Int

    /// Whether `<`, `>`, `&`, U+2028 and U+2029 are escaped, as Go's `encoding/json` does by default.
    public var escapesHTML: Bool

    /// Makes a format.
    public init(indentation: Int = 0, escapesHTML: Bool = false) {
        self.indentation = indentation
        self.escapesHTML = escapesHTML
    }

    /// One line, nothing escaped without need.
    public static let compact = JSONFormat()

    /// Byte for byte what Go's `json.MarshalIndent` writes with four spaces: the form of SPIRE's bundle documents.
    public static let document = JSONFormat(indentation: 4, escapesHTML: true)
}
