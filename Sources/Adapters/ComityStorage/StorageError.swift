// SPDX-License-Identifier: Apache-2.0

/// Why a database cannot be used. Nothing in it has been changed.
package struct StorageError: Error, Sendable {
    package struct Code: Hashable, Sendable {
        private enum Name {
            case otherTrustDomain, foreignDatabase, newerSchema, corrupt, inUse, unusable
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// It was made for another trust domain.
        package static let otherTrustDomain = Code(.otherTrustDomain)
        /// It was made by another program, such as SPIRE.
        package static let foreignDatabase = Code(.foreignDatabase)
        /// It was last used by a newer version.
        package static let newerSchema = Code(.newerSchema)
        /// It is not a sound database.
        package static let corrupt = Code(.corrupt)
        /// Another program uses it, or did not close it.
        package static let inUse = Code(.inUse)
        /// It cannot be opened or made.
        package static let unusable = Code(.unusable)
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

extension StorageError: CustomStringConvertible {
    package var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}

extension StorageError: Equatable {
    package static func == (lhs: StorageError, rhs: StorageError) -> Bool {
        lhs.code == rhs.code
    }
}
