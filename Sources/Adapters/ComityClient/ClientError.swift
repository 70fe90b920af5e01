// SPDX-License-Identifier: Apache-2.0

/// Why a server or an agent cannot be asked.
package struct ClientError: Error, Sendable {
    package struct Code: Hashable, Sendable {
        private enum Name {
            case unreachable
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// Nothing answers at the socket.
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
