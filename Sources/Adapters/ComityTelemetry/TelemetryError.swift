// SPDX-License-Identifier: Apache-2.0

/// Why the log or a listener for operators cannot work.
package struct TelemetryError: Error, Sendable {
    package struct Code: Hashable, Sendable {
        private enum Name {
            case logFile, listen
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// The log file cannot be opened.
        package static let logFile = Code(.logFile)
        /// The address of a listener cannot be used.
        package static let listen = Code(.listen)
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

extension TelemetryError: CustomStringConvertible {
    package var description: String {
        guard let cause else { return message }
        return "\(message): \(cause)"
    }
}

extension TelemetryError: Equatable {
    package static func == (lhs: TelemetryError, rhs: TelemetryError) -> Bool {
        lhs.code == rhs.code
    }
}
