// SPDX-License-Identifier: Apache-2.0

/// Why the demonstration could not go on.
package struct DemoError: Error, Sendable {
    package struct Code: Hashable, Sendable {
        private enum Name {
            case system, process, command, deadline, proof
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// The machine refused a folder, a port or a process.
        package static let system = Code(.system)
        /// One of the processes ended on its own.
        package static let process = Code(.process)
        /// A command failed.
        package static let command = Code(.command)
        /// Something that was waited for did not happen in time.
        package static let deadline = Code(.deadline)
        /// What was to be shown turned out not to be so.
        package static let proof = Code(.proof)
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

extension DemoError: CustomStringConvertible {
    package var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}

extension DemoError: Equatable {
    package static func == (lhs: DemoError, rhs: DemoError) -> Bool {
        lhs.code == rhs.code
    }
}
