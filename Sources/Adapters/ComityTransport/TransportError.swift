// SPDX-License-Identifier: Apache-2.0

/// Why a listener could not start or a peer could not be reached.
package struct TransportError: Error, Sendable {
    package struct Code: Hashable, Sendable {
        private enum Name {
            case addressTaken, addressUnusable, permissionDenied, socketBusy, socketPathUnusable, noIdentity
            case invalidIdentity, peerRefused
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// Another process listens on the port.
        package static let addressTaken = Code(.addressTaken)
        /// The host name or address cannot be listened on here.
        package static let addressUnusable = Code(.addressUnusable)
        package static let permissionDenied = Code(.permissionDenied)
        /// Another process listens on the socket.
        package static let socketBusy = Code(.socketBusy)
        /// The socket's path is too long, taken by something else, or its folder cannot be made.
        package static let socketPathUnusable = Code(.socketPathUnusable)
        /// There is nothing to present in a handshake yet.
        package static let noIdentity = Code(.noIdentity)
        /// The certificates or the key cannot be used for TLS.
        package static let invalidIdentity = Code(.invalidIdentity)
        /// The peer's certificate was refused.
        package static let peerRefused = Code(.peerRefused)
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

extension TransportError: CustomStringConvertible {
    package var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}

extension TransportError: Equatable {
    package static func == (lhs: TransportError, rhs: TransportError) -> Bool {
        lhs.code == rhs.code
    }
}
