// SPDX-License-Identifier: Apache-2.0

/// Why the agent cannot start or go on. Never carries a token or a key.
package struct AgentError: Error, Sendable {
    package struct Code: Hashable, Sendable {
        private enum Name {
            case configuration, storage, bootstrap, attestation, shutdown
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// What is asked for cannot be done.
        package static let configuration = Code(.configuration)
        /// The data folder cannot be read or written.
        package static let storage = Code(.storage)
        /// The bundle to trust the server by cannot be had.
        package static let bootstrap = Code(.bootstrap)
        /// The server does not let the agent in.
        package static let attestation = Code(.attestation)
        /// The server no longer knows this agent, which must start anew.
        package static let shutdown = Code(.shutdown)
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

extension AgentError: CustomStringConvertible {
    package var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}

extension AgentError: Equatable {
    package static func == (lhs: AgentError, rhs: AgentError) -> Bool {
        lhs.code == rhs.code
    }
}
