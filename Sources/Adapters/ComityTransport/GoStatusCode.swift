// SPDX-License-Identifier: Apache-2.0

package import GRPCCore

/// The names of gRPC status codes in Go, which SPIRE's output and log show.
package enum GoStatusCode {
    private static let names = [
        "OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists",
        "PermissionDenied", "ResourceExhausted", "FailedPrecondition", "Aborted", "OutOfRange", "Unimplemented",
        "Internal", "Unavailable", "DataLoss", "Unauthenticated",
    ]

    package static func name(of code: Int32) -> String {
        names.indices.contains(Int(code)) ? names[Int(code)] : "Code(\(code))"
    }

    /// - Parameter code: `nil` for a call that went well.
    package static func name(of code: RPCError.Code?) -> String {
        name(of: Int32(code?.rawValue ?? 0))
    }

    /// - Parameter error: What a handler ended with; `nil` for a call that went well.
    package static func name(of error: (any Error)?) -> String {
        name(of: error.map(code))
    }

    private static func code(of error: any Error) -> RPCError.Code {
        switch error {
        case let error as RPCError: error.code
        case let error as any RPCErrorConvertible: error.rpcErrorCode
        case is CancellationError: .cancelled
        default: .unknown
        }
    }
}
