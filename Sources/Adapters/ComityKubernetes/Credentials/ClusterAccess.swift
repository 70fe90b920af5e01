// SPDX-License-Identifier: Apache-2.0

/// With what one request is made. It is in no log and no error.
struct ClusterAccess: Hashable, Sendable {
    /// A bearer token.
    var token: String?
    /// A client certificate with those between it and its root, in PEM.
    var certificate: [UInt8]?
    var key: [UInt8]?

    static let anonymous = ClusterAccess()
}
