// SPDX-License-Identifier: Apache-2.0

import ComityRegistry
import Testing

@Suite struct GoDurationTests {
    @Test(arguments: [
        ("0", Duration.zero), ("0s", .zero), ("5s", .seconds(5)), ("5m", .seconds(300)), ("24h", .seconds(86400)),
        ("1h30m", .seconds(5400)), ("1.5h", .seconds(5400)), (".5s", .milliseconds(500)), ("1.s", .seconds(1)),
        ("250ms", .milliseconds(250)), ("3us", .microseconds(3)), ("3µs", .microseconds(3)), ("3μs", .microseconds(3)),
        ("7ns", .nanoseconds(7)), ("-5s", .seconds(-5)), ("+5s", .seconds(5)), ("1h1m1s1ms", .milliseconds(3_661_001)),
        ("0.3333333333333333333h", .nanoseconds(1_199_999_999_999)),
        ("9223372036854775807ns", .nanoseconds(Int64.max)),
    ])
    func readsWhatGoReads(text: String, duration: Duration) throws {
        let read = try GoDuration.parse(text)
        #expect((read - duration).magnitudeInNanoseconds <= 12)
    }

    @Test(arguments: [
        ("", "time: invalid duration \"\""), ("5", "time: missing unit in duration \"5\""),
        ("300", "time: missing unit in duration \"300\""), ("-", "time: invalid duration \"-\""),
        ("5 s", "time: unknown unit \" s\" in duration \"5 s\""), (".s", "time: invalid duration \".s\""),
        ("1d", "time: unknown unit \"d\" in duration \"1d\""), ("abc", "time: invalid duration \"abc\""),
        ("5sx", "time: unknown unit \"sx\" in duration \"5sx\""), ("١s", "time: invalid duration \"١s\""),
        ("9223372036854775808ns", "time: invalid duration \"9223372036854775808ns\""),
        ("99999999999999999999h", "time: invalid duration \"99999999999999999999h\""),
        ("2562048h", "time: invalid duration \"2562048h\""),
    ])
    func refusesWhatGoRefuses(text: String, message: String) {
        let failure = #expect(throws: GoDuration.Failure.self) { try GoDuration.parse(text) }
        #expect(failure?.description == message)
    }
}

extension Duration {
    fileprivate var magnitudeInNanoseconds: Int64 {
        abs(components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000)
    }
}
