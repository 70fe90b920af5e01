// SPDX-License-Identifier: Apache-2.0

import ComityClient
import GRPCCore

/// Why a command failed, for the user who typed it.
package struct CommandError: Error, Sendable {
    package struct Code: Hashable, Sendable {
        private enum Name {
            case input, answer, failedItems, file, unhealthy, invalid
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// Flags or what they name cannot be used.
        package static let input = Code(.input)
        /// The server or agent refused, or its answer cannot be used.
        package static let answer = Code(.answer)
        /// Some items of a batch failed; each was told of before.
        package static let failedItems = Code(.failedItems)
        /// A file cannot be read or written.
        package static let file = Code(.file)
        /// The program asked does not work.
        package static let unhealthy = Code(.unhealthy)
        /// What was inspected is not valid.
        package static let invalid = Code(.invalid)
    }

    package var code: Code
    package var message: String
    package var cause: (any Error)?
    /// What to do about it, when the cause does not say.
    package var cure: String?

    package init(_ code: Code, _ message: String, cause: (any Error)? = nil, cure: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
        self.cure = cure
    }

    /// Any error in the words that SPIRE's commands use for it.
    package static func text(of error: any Error) -> String {
        switch error {
        case let error as RPCError: error.goText
        default: "\(error)"
        }
    }
}

extension CommandError: CustomStringConvertible {
    package var description: String {
        guard let cause else { return message }
        return "\(message): \(Self.text(of: cause))"
    }
}

extension CommandError: Equatable {
    package static func == (lhs: CommandError, rhs: CommandError) -> Bool {
        lhs.code == rhs.code
    }
}
