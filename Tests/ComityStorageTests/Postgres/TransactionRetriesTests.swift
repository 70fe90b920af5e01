// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ComityStorage

@Suite struct TransactionRetriesTests {
    @Test func conflictsAreTriedAFewTimesAndAloneAtLast() {
        var retries = TransactionRetries()
        var alone = [retries.runsAlone]
        var pauses: [Duration] = []
        while let pause = retries.pause(after: .conflict, random: 1) {
            pauses.append(pause)
            alone.append(retries.runsAlone)
        }
        #expect(alone == [false, false, false, true, true, true])
        #expect(pauses == [20, 40, 80, 160, 320].map { .milliseconds($0) })
    }

    @Test func chanceSpreadsPauses() {
        var retries = TransactionRetries()
        #expect(retries.pause(after: .conflict, random: 0) == .zero)
        #expect(retries.pause(after: .conflict, random: 0.5) == .milliseconds(20))
    }

    @Test(arguments: [PostgresError.Kind.lost, .stalePlan, .lostStatement])
    func anotherConnectionIsTriedOnce(_ failure: PostgresError.Kind) {
        var retries = TransactionRetries()
        #expect(retries.pause(after: failure, random: 1) == .zero)
        #expect(retries.pause(after: failure, random: 1) == nil)
    }

    @Test(arguments: [PostgresError.Kind.unavailable, .other, .tooLong])
    func whatWillNotChangeIsNotTriedAgain(_ failure: PostgresError.Kind) {
        var retries = TransactionRetries()
        #expect(retries.pause(after: failure, random: 1) == nil)
    }
}
