// SPDX-License-Identifier: Apache-2.0

/// Why a server could not start, or not take another's place, or what it keeps not be copied or put back.
package struct ServerError: Error, Sendable {
    package struct Code: Hashable, Sendable {
        private enum Name {
            case dataFolder, bundleFile, kubernetes, adoption, backup
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// The data folder cannot be made or written to.
        package static let dataFolder = Code(.dataFolder)
        /// The file that holds the own bundle cannot be written.
        package static let bundleFile = Code(.bundleFile)
        /// An object of a Kubernetes cluster cannot be written.
        package static let kubernetes = Code(.kubernetes)
        /// Another server's place cannot be taken.
        package static let adoption = Code(.adoption)
        /// The files that a server keeps cannot be copied, or put back.
        package static let backup = Code(.backup)
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

extension ServerError: CustomStringConvertible {
    package var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}

extension ServerError: Equatable {
    package static func == (lhs: ServerError, rhs: ServerError) -> Bool {
        lhs.code == rhs.code
    }
}
