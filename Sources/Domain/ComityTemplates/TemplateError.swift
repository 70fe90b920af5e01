// SPDX-License-Identifier: Apache-2.0

/// Why a template cannot be read or rendered, in the words of Go's text/template where it has some.
package struct TemplateError: Error, Hashable, CustomStringConvertible {
    package struct Code: Hashable, Sendable {
        private enum Value {
            case syntax, execution, limit
        }

        private let value: Value

        /// The text is no template.
        package static let syntax = Code(value: .syntax)
        /// The data do not have what the template asks for.
        package static let execution = Code(value: .execution)
        /// It is too long, too deep, or takes too many steps.
        package static let limit = Code(value: .limit)
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}
