// SPDX-License-Identifier: Apache-2.0

import ComityWire
import GRPCCore

/// How much one call may ask to be signed.
enum SigningLimit {
    /// SPIRE's burst of signings per second and address.
    private static let burst = 500

    static func check(count: Int) throws(APIError) {
        guard count <= burst else {
            throw APIError(
                .resourceExhausted, "rejecting request due to certificate signing rate limiting",
                cause: RPCError(code: .resourceExhausted, message: "rate (\(count)) exceeds burst size (\(burst))"))
        }
    }
}
