// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ComityKubernetes

struct RetryRuleTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let isRead: Bool
        let status: Int
        let retryAfter: String?
        let action: RetryRule.Action
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        .init(name: "success", isRead: true, status: 200, retryAfter: nil, action: .accept),
        .init(
            name: "busy read", isRead: true, status: 429, retryAfter: "2", action: .repeatRequest(after: .seconds(2))),
        .init(
            name: "busy write", isRead: false, status: 429, retryAfter: "3", action: .repeatRequest(after: .seconds(3))),
        .init(
            name: "busy without a time", isRead: true, status: 429, retryAfter: nil,
            action: .repeatRequest(after: .seconds(1))),
        .init(
            name: "a date instead of a time", isRead: true, status: 429, retryAfter: "Sat, 21 Nov",
            action: .repeatRequest(after: .seconds(1))),
        .init(
            name: "a time before now", isRead: true, status: 429, retryAfter: "-5", action: .repeatRequest(after: .zero)
        ),
        .init(name: "longer than anybody waits", isRead: true, status: 429, retryAfter: "3600", action: .accept),
        .init(
            name: "unavailable read", isRead: true, status: 503, retryAfter: "0", action: .repeatRequest(after: .zero)),
        .init(
            name: "unavailable write may have happened", isRead: false, status: 503, retryAfter: "0", action: .accept),
        .init(name: "internal error", isRead: true, status: 500, retryAfter: "1", action: .accept),
        .init(name: "conflict", isRead: false, status: 409, retryAfter: nil, action: .accept),
    ]

    @Test("an answer is final or asked for again", arguments: cases) func answers(_ item: Case) {
        var rule = RetryRule(isRead: item.isRead)
        #expect(rule.answered(status: item.status, retryAfter: item.retryAfter) == item.action)
    }

    @Test("a server that stays busy is asked five times in all") func repeatsAreBounded() {
        var rule = RetryRule(isRead: true)
        let actions = (0..<6).map { _ in rule.answered(status: 429, retryAfter: "0") }
        #expect(actions == Array(repeating: .repeatRequest(after: .zero), count: 4) + [.accept, .accept])
    }

    @Test("a broken connection is tried once more, for reads only") func brokenConnections() {
        var read = RetryRule(isRead: true)
        #expect(read.failed(isConnection: true) == .repeatRequest(after: .zero))
        #expect(read.failed(isConnection: true) == .accept)
        var write = RetryRule(isRead: false)
        #expect(write.failed(isConnection: true) == .accept)
        var slow = RetryRule(isRead: true)
        #expect(slow.failed(isConnection: false) == .accept)
    }
}
