// SPDX-License-Identifier: Apache-2.0

package import GRPCCore

extension RPCError {
    /// The error as SPIRE's commands print it.
    package var goText: String {
        // Go has one text for a deadline, whoever set it.
        let message = code == .deadlineExceeded ? "context deadline exceeded" : message
        return "rpc error: code = \(GoStatusCode.name(of: Int32(code.rawValue))) desc = \(message)"
    }
}

/// The names of gRPC status codes in Go, which SPIRE's output shows.
package enum GoStatusCode {
    private static let names = [
        "OK", "Canceled", "Unknown", "InvalidArgument", "DeadlineExceeded", "NotFound", "AlreadyExists",
        "PermissionDenied", "ResourceExhausted", "FailedPrecondition", "Aborted", "OutOfRange", "Unimplemented",
        "Internal", "Unavailable", "DataLoss", "Unauthenticated",
    ]

    package static func name(of code: Int32) -> String {
        names.indices.contains(Int(code)) ? names[Int(code)] : "Code(\(code))"
    }
}
