// SPDX-License-Identifier: Apache-2.0

/// Why the registry refused something. Programs map the code to a gRPC status in one place (ComityWire).
package struct RegistryError: Error, Sendable {
    package struct Code: Hashable, Sendable {
        private enum Name {
            case invalidArgument, notFound, alreadyExists, failedPrecondition, unavailable, internalError
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// The request itself is wrong; repeating it will not help.
        package static let invalidArgument = Code(.invalidArgument)
        package static let notFound = Code(.notFound)
        package static let alreadyExists = Code(.alreadyExists)
        /// The request is right, the state of the registry forbids it.
        package static let failedPrecondition = Code(.failedPrecondition)
        /// The store cannot be reached now; try again later.
        package static let unavailable = Code(.unavailable)
        package static let internalError = Code(.internalError)
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

extension RegistryError: CustomStringConvertible {
    package var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}

extension RegistryError: Equatable {
    package static func == (lhs: RegistryError, rhs: RegistryError) -> Bool {
        lhs.code == rhs.code
    }
}
