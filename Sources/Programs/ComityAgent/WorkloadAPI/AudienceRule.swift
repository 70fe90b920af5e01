// SPDX-License-Identifier: Apache-2.0

import GRPCCore

/// Which audiences a JWT-SVID may be asked for.
enum AudienceRule {
    /// Tokens are kept, so what a workload may put into one is bounded, in bytes.
    private static let maximumSize = 16 << 10

    /// - Throws: `RPCError` with code `invalidArgument`.
    static func check(_ audience: [String]) throws(RPCError) -> [String] {
        guard !audience.isEmpty, !audience.contains("") else {
            throw RPCError(code: .invalidArgument, message: "audience must be specified")
        }
        guard audience.reduce(0, { $0 + $1.utf8.count }) <= maximumSize else {
            throw RPCError(code: .invalidArgument, message: "audience is longer than \(maximumSize) bytes")
        }
        return audience
    }
}
