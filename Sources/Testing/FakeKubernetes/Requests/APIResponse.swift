// SPDX-License-Identifier: Apache-2.0

import SPIFFE

/// What the API answers.
struct APIResponse: Sendable {
    enum Body: Sendable {
        case bytes([UInt8])
        /// One JSON text after the other, as they happen.
        case stream(WatchStream)
    }

    var status = 200
    var contentType = "application/json"
    /// Sent as `Warning` headers.
    var warnings: [String] = []
    var retryAfterSeconds: Int?
    var body: Body

    init(bytes: [UInt8], status: Int = 200, contentType: String = "application/json") {
        body = .bytes(bytes)
        self.status = status
        self.contentType = contentType
    }

    init(_ value: JSONValue, status: Int = 200) {
        self.init(bytes: value.bytes(), status: status)
    }

    init(text: String) {
        self.init(bytes: Array(text.utf8), contentType: "text/plain")
    }

    init(_ stream: WatchStream) {
        body = .stream(stream)
    }

    init(_ status: APIStatus) {
        self.init(status.value, status: status.code)
        retryAfterSeconds = status.retryAfterSeconds
    }
}
