// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes

/// A request as the API sees it, with its body read.
struct APIRequest: Sendable {
    let method: HTTPRequest.Method
    /// The parts of the path, unescaped.
    let path: [String]
    let query: [String: String]
    let headers: HTTPFields
    let body: [UInt8]
    let user: APIUser?

    init(_ head: HTTPRequest, body: [UInt8], user: APIUser?) {
        let halves = (head.path ?? "/").split(separator: "?", maxSplits: 1).map(String.init)
        method = head.method
        path = halves[0].split(separator: "/").map { String($0).removingPercentEncoding ?? String($0) }
        query = Self.query(halves.count > 1 ? halves[1] : "")
        headers = head.headerFields
        self.body = body
        self.user = user
    }

    private static func query(_ text: String) -> [String: String] {
        var query: [String: String] = [:]
        for part in text.split(separator: "&") {
            let halves = part.split(separator: "=", maxSplits: 1).map {
                let text = String($0).replacing("+", with: " ")
                return text.removingPercentEncoding ?? text
            }
            if query[halves[0]] == nil { query[halves[0]] = halves.count > 1 ? halves[1] : "" }
        }
        return query
    }

    /// Whether a switch of the query is on.
    func has(_ name: String) -> Bool {
        query[name].map { $0 == "true" || $0 == "1" || $0.isEmpty } ?? false
    }

    var contentType: String {
        let value = headers[.contentType] ?? "application/json"
        return value.split(separator: ";").first.map { $0.lowercased() } ?? ""
    }

    /// What the client calls itself in `managedFields` unless it says otherwise.
    var agentName: String {
        (headers[.userAgent] ?? "unknown").split(separator: "/").first.map(String.init) ?? "unknown"
    }

    /// The media types that the client takes, best first, each with its parameters.
    var accepted: [MediaType] {
        (headers[.accept] ?? "application/json").split(separator: ",").map { MediaType(String($0)) }
    }
}
