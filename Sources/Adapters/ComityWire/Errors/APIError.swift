// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
package import GRPCCore
package import ServerAPIProtos
import SwiftProtobuf

/// Why a call, or one item of a batch, was refused: for the caller, and for the log, in SPIRE's words.
package struct APIError: Error, Sendable {
    package var code: RPCError.Code
    /// What could not be done: lower case, without the cause.
    package var message: String
    package var cause: (any Error)?

    package init(_ code: RPCError.Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// A failure whose code the cause decides; ``RPCError/Code/internalError`` when it says none.
    package init(_ message: String, causedBy cause: any Error) {
        self.init(RPCError.Code(of: cause), message, cause: cause)
    }

    /// What the caller reads. The cause of `notFound` is only logged, as in SPIRE.
    package var text: String {
        guard code != .notFound, let causeText else { return message }
        return "\(message): \(causeText)"
    }

    /// What the log says; the cause is logged as its `error`.
    package var logMessage: String {
        code == .invalidArgument ? "Invalid argument: \(message)" : message.prefix(1).uppercased() + message.dropFirst()
    }

    package var causeText: String? {
        switch cause {
        case nil: nil
        case let error as RPCError: error.message
        case let error?: "\(error)"
        }
    }

    /// The outcome of one item of a batch.
    package var status: Spire_Api_Types_Status {
        .with {
            $0.code = Int32(code.rawValue)
            $0.message = text
        }
    }
}

extension APIError: RPCErrorConvertible {
    package var rpcErrorCode: RPCError.Code { code }
    package var rpcErrorMessage: String { text }
    package var rpcErrorCause: (any Error)? { cause }
}

extension APIError: CustomStringConvertible {
    package var description: String { text }
}

extension Spire_Api_Types_Status {
    package static let ok = Spire_Api_Types_Status.with {
        $0.code = 0
        $0.message = "OK"
    }
}
