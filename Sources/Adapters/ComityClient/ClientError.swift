// SPDX-License-Identifier: Apache-2.0

/// Why a server or an agent cannot be asked.
package struct ClientError: Error, Sendable {
    package struct Code: Hashable, Sendable {
        private enum Name {
            case missing, notListening, notASocket, otherKind, forbidden, pathTooLong, unreachable
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// Nothing is at the path.
        package static let missing = Code(.missing)
        /// The socket is there, and nobody listens on it any more.
        package static let notListening = Code(.notListening)
        /// Something else than a socket is at the path.
        package static let notASocket = Code(.notASocket)
        /// What listens does not speak as a gRPC server does.
        package static let otherKind = Code(.otherKind)
        /// The user may not use the socket.
        package static let forbidden = Code(.forbidden)
        /// No socket can have such a path.
        package static let pathTooLong = Code(.pathTooLong)
        /// The socket cannot be used for another reason.
        package static let unreachable = Code(.unreachable)
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

extension ClientError: CustomStringConvertible {
    package var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}

extension ClientError: Equatable {
    package static func == (lhs: ClientError, rhs: ClientError) -> Bool {
        lhs.code == rhs.code
    }
}
