// SPDX-License-Identifier: Apache-2.0

/// Why a custom resource, or what follows from it, cannot be used.
package struct ResourceError: Error, Hashable, CustomStringConvertible {
    package struct Code: Hashable, Sendable {
        private enum Value {
            case invalid, template, trustDomain
        }

        private let value: Value

        /// A field has a value that it may not have.
        package static let invalid = Code(value: .invalid)
        /// A template cannot be rendered, or gives something that cannot be used.
        package static let template = Code(value: .template)
        /// What is named belongs to another trust domain.
        package static let trustDomain = Code(value: .trustDomain)
    }

    package let code: Code
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }

    /// - Parameter path: Of the field: `spec.ttl`.
    static func invalid(_ path: String, _ message: String) -> ResourceError {
        ResourceError(.invalid, "\(path) \(message)")
    }
}
