// SPDX-License-Identifier: Apache-2.0

/// Why the bundle endpoint cannot serve.
package struct BundleEndpointError: Error, Sendable {
    package struct Code: Hashable, Sendable {
        private enum Name {
            case certificate, listen
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// The endpoint's certificate or key cannot be used.
        package static let certificate = Code(.certificate)
        /// The address cannot be listened on.
        package static let listen = Code(.listen)
    }

    package var code: Code
    package var message: String
    package var cause: (any Error)?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension BundleEndpointError: CustomStringConvertible {
    package var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}
