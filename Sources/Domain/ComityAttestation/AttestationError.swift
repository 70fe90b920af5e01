// SPDX-License-Identifier: Apache-2.0

/// Why an attestation failed. The server maps the code to a gRPC status; the message reaches the caller as it is.
package struct AttestationError: Error, Sendable {
    package struct Code: Hashable, Sendable {
        private enum Name {
            case invalidArgument, permissionDenied, unavailable, internalError
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// The proof is malformed, used up or out of date.
        package static let invalidArgument = Code(.invalidArgument)
        /// The proof is genuine, but the node may not come in.
        package static let permissionDenied = Code(.permissionDenied)
        /// What is needed to check or make the proof cannot be reached now.
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

extension AttestationError: CustomStringConvertible {
    package var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}

extension AttestationError: Equatable {
    package static func == (lhs: AttestationError, rhs: AttestationError) -> Bool {
        lhs.code == rhs.code
    }
}
