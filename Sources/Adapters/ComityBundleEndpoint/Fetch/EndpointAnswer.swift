// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What came back for one request.
struct EndpointAnswer: Hashable, Sendable {
    var status: Int
    var location: String?
    /// Whole for status 200, else its beginning.
    var body: ByteBuffer

    /// Where to look instead (RFC 9110 §15.4).
    var redirect: String? {
        [301, 302, 303, 307, 308].contains(status) ? location : nil
    }
}
