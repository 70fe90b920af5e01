// SPDX-License-Identifier: Apache-2.0

/// What a server gave an agent: all in DER.
struct NodeIdentity: Sendable {
    let chain: [[UInt8]]
    /// PKCS#8.
    let key: [UInt8]
    /// The path of its SPIFFE ID.
    let path: String
}
