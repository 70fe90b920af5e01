// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SPIFFEWorkloadAPI

@Suite struct StreamRuleTests {
    @Test("WEP-17: waits a second more each time, at most thirty")
    func backsOff() {
        var rule = StreamRule(backoff: ReconnectBackoff())
        let waits = (1...40).map { _ in rule.streamEnded(.unavailable) }
        let expected = (1...40).map { StreamRule.Action.reopen(after: .seconds(min($0, 30)), dropsMaterial: false) }
        #expect(waits == expected)
    }

    @Test("WAPI-06: begins anew after a message")
    func startsAnewAfterMessage() {
        var rule = StreamRule(backoff: ReconnectBackoff())
        for _ in 1...5 { _ = rule.streamEnded(.unavailable) }
        rule.messageReceived()
        #expect(rule.streamEnded(nil) == .reopen(after: .seconds(1), dropsMaterial: false))
    }

    @Test(
        "WEP-16, WEP-19: gives up when repeating is no use",
        arguments: [.invalidArgument, .unimplemented, .cancelled] as [WorkloadAPIError.Code])
    func givesUp(code: WorkloadAPIError.Code) {
        var rule = StreamRule(backoff: ReconnectBackoff())
        #expect(rule.streamEnded(code) == .giveUp)
    }

    @Test("WEP-18, WAPI-27: drops what it had when denied, and goes on asking")
    func dropsWhenDenied() {
        var rule = StreamRule(backoff: ReconnectBackoff())
        #expect(rule.streamEnded(.permissionDenied) == .reopen(after: .seconds(1), dropsMaterial: true))
        #expect(rule.streamEnded(.permissionDenied) == .reopen(after: .seconds(2), dropsMaterial: true))
    }

    @Test(arguments: [nil, .unavailable, .failed, .malformedAnswer] as [WorkloadAPIError.Code?])
    func keepsMaterialOtherwise(code: WorkloadAPIError.Code?) {
        var rule = StreamRule(backoff: ReconnectBackoff())
        #expect(rule.streamEnded(code) == .reopen(after: .seconds(1), dropsMaterial: false))
    }
}
