// SPDX-License-Identifier: Apache-2.0

/// Why the controller cannot do its work.
package struct ControllerError: Error, Sendable {
    package struct Code: Hashable, Sendable {
        private enum Name {
            case folder, ownership, server, cluster
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// The folder of manifests cannot be read.
        package static let folder = Code(.folder)
        /// What this controller made cannot be recorded or looked up.
        package static let ownership = Code(.ownership)
        /// The server did not do what was asked.
        package static let server = Code(.server)
        /// The cluster cannot be used.
        package static let cluster = Code(.cluster)
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

extension ControllerError: CustomStringConvertible {
    package var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}

extension ControllerError: Equatable {
    package static func == (lhs: ControllerError, rhs: ControllerError) -> Bool {
        lhs.code == rhs.code
    }
}
