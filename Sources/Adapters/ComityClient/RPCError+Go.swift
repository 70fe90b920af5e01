// SPDX-License-Identifier: Apache-2.0

import ComityTransport
package import GRPCCore

extension RPCError {
    /// The error as SPIRE's commands print it.
    package var goText: String {
        // Go has one text for a deadline, whoever set it.
        let message = code == .deadlineExceeded ? "context deadline exceeded" : message
        return "rpc error: code = \(GoStatusCode.name(of: code)) desc = \(message)"
    }
}
