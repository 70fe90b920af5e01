// SPDX-License-Identifier: Apache-2.0

public import SPIFFE

/// What the agent found in a token that it validated for us.
public struct JWTValidation: Hashable, Sendable {
    /// Whose identity it is.
    public let id: SPIFFEID

    /// The claims that the agent passes on; it may leave out those of other trust domains.
    ///
    /// The Workload API carries every number as a floating-point number.
    public let claims: [String: JSONValue]
}
