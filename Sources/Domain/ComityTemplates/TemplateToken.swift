// SPDX-License-Identifier: Apache-2.0

/// One piece of a template.
struct TemplateToken: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// What is copied to the output.
        case text(String)
        case open, close
        /// Between two words of an action, where it tells `.a.b` from `.a .b`.
        case space
        /// Of an action: `if`, `range`, a function, `true`.
        case word(String)
        /// `.Name`, without the dot.
        case field(String)
        case dot
        /// `$` or `$name`, with the dollar sign.
        case variable(String)
        case string(String)
        case integer(Int64)
        case float(Double)
        case pipe, leftParenthesis, rightParenthesis, declare, assign, comma
        case end
    }

    var kind: Kind
    /// From the start of the template, in bytes.
    var offset: Int
}
