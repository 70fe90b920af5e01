// SPDX-License-Identifier: Apache-2.0

import HTTPTypes

/// Which requests are refused, how, and how often.
package struct Refusal: Sendable {
    package enum Kind: Sendable {
        case reads, writes, watches, all
    }

    package let status: Int
    package let reason: String
    package let kind: Kind
    /// What the path must hold, such as `/clusterspiffeids`.
    package let path: String
    package let retryAfterSeconds: Int?
    var times: Int

    package init(
        _ status: Int, _ reason: String, of kind: Kind = .all, path: String = "", retryAfterSeconds: Int? = nil,
        times: Int = .max
    ) {
        self.status = status
        self.reason = reason
        self.kind = kind
        self.path = path
        self.retryAfterSeconds = retryAfterSeconds
        self.times = times
    }

    /// 429 with a `Retry-After`.
    package static func tooManyRequests(retryAfterSeconds: Int, times: Int = .max) -> Refusal {
        Refusal(429, "TooManyRequests", retryAfterSeconds: retryAfterSeconds, times: times)
    }

    /// 500.
    package static func internalError(of kind: Kind = .all, path: String = "", times: Int = .max) -> Refusal {
        Refusal(500, "InternalError", of: kind, path: path, times: times)
    }

    /// 410, to watches unless something else is said.
    package static func gone(of kind: Kind = .watches, path: String = "", times: Int = .max) -> Refusal {
        Refusal(410, "Expired", of: kind, path: path, times: times)
    }

    var apiStatus: APIStatus {
        APIStatus(status, reason, "refused on request of a test", retryAfterSeconds: retryAfterSeconds)
    }

    func isAbout(_ method: HTTPRequest.Method, _ path: String, _ isWatch: Bool) -> Bool {
        guard self.path.isEmpty || path.contains(self.path) else { return false }
        return switch kind {
        case .all: true
        case .reads: method == .get && !isWatch
        case .watches: isWatch
        case .writes: method != .get
        }
    }
}
