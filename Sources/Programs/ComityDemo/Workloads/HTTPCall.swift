// SPDX-License-Identifier: Apache-2.0

import NIOCore
import SPIFFE

/// One request and who waits for its answer.
struct HTTPCall: Sendable {
    struct Answer: Sendable {
        var status: Int
        var body: String
        /// The token by which the server proved itself, if it did.
        var serverToken: String?
        /// Who the server is by its certificate.
        var server: X509SVID
    }

    let path: String
    let authorization: String?
    let answer: EventLoopPromise<Answer>
}
