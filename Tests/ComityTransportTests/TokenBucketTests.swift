// SPDX-License-Identifier: Apache-2.0

import ComityTesting
import ComityTransport
import Foundation
import Testing

@Suite struct TokenBucketTests {
    @Test func grantsASecondsWorthAtOnceAndThenAtItsRate() {
        var bucket = TokenBucket(rate: 2, now: TestTime.now)
        #expect(bucket.take(2, now: TestTime.now) == .granted(after: 0))
        #expect(bucket.take(1, now: TestTime.now) == .granted(after: 0.5))
        #expect(bucket.take(1, now: TestTime.now) == .granted(after: 1))
        #expect(bucket.take(1, now: TestTime.now + 1.5) == .granted(after: 0))
    }

    @Test func whoDoesNotWaitGetsOnlyWhatIsThere() {
        var bucket = TokenBucket(rate: 2, now: TestTime.now)
        let taken = [0, 0, 0, 0.4, 0.5, 0.5].map { bucket.takeIfThere(now: TestTime.now + $0) }
        #expect(taken == [true, true, false, false, true, false])
    }

    @Test func neverGrantsMoreThanItHolds() {
        var bucket = TokenBucket(rate: 500, now: TestTime.now)
        #expect(bucket.take(501, now: TestTime.now) == .exceedsBurst)
        #expect(bucket.take(500, now: TestTime.now) == .granted(after: 0))
    }

    @Test func isFullAgainAfterASecondAndNeverFuller() {
        var bucket = TokenBucket(rate: 2, now: TestTime.now)
        _ = bucket.take(2, now: TestTime.now)
        #expect(!bucket.isFull(now: TestTime.now + 0.9))
        #expect(bucket.isFull(now: TestTime.now + 1))
        #expect(bucket.take(2, now: TestTime.now + 100) == .granted(after: 0))
        #expect(bucket.take(1, now: TestTime.now + 100) == .granted(after: 0.5))
    }

    @Test func aClockThatGoesBackGrantsNothing() {
        var bucket = TokenBucket(rate: 1, now: TestTime.now)
        _ = bucket.take(1, now: TestTime.now)
        #expect(bucket.take(1, now: TestTime.now - 60) == .granted(after: 1))
    }
}
