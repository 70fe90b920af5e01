// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import Foundation
import Logging
import Testing

@Suite struct LogLineTests {
    static let time = Date(timeIntervalSince1970: 1_795_225_530.25)

    @Test func writesTextAsLogrusDoes() {
        let line = LogLine(
            time: Self.time, level: .info, message: "Bundle refreshed",
            fields: ["trust_domain": "beta.test", "changed": .stringConvertible(true), "address": "127.0.0.1:8443"])
        #expect(
            line.text(.seconds) == """
                time="2026-11-21T01:45:30Z" level=info msg="Bundle refreshed" address="127.0.0.1:8443" changed=true \
                trust_domain=beta.test

                """)
        #expect(line.text(.nanoseconds).hasPrefix("time=\"2026-11-21T01:45:30.25Z\" level=info"))
    }

    @Test func writesJSONAsLogrusDoes() {
        let line = LogLine(
            time: Self.time, level: .warning, message: "a <b> & \"c\"",
            fields: [
                "failures": .stringConvertible(3), "details": .dictionary(["k": "v", "a": .array(["x", "y"])]),
                "on": .stringConvertible(true), "duration": .stringConvertible(1.5),
            ])
        #expect(
            line.json() == """
                {"details":{"a":["x","y"],"k":"v"},"duration":1.5,"failures":3,"level":"warning",\
                "msg":"a \\u003cb\\u003e \\u0026 \\"c\\"","on":true,"time":"2026-11-21T01:45:30Z"}

                """)
    }

    @Test(arguments: [
        ("plain-._/@^+9", "plain-._/@^+9"), ("", ""), ("a b", "\"a b\""), ("a=b", "\"a=b\""), ("a:b", "\"a:b\""),
        ("say \"hi\"", "\"say \\\"hi\\\"\""), ("back\\slash", "\"back\\\\slash\""),
        ("line\nmsg=forged", "\"line\\nmsg=forged\""), ("tab\tcr\r", "\"tab\\tcr\\r\""),
        ("\u{1b}[31mred", "\"\\x1b[31mred\""), ("\u{0}", "\"\\x00\""), ("\u{7f}", "\"\\x7f\""),
        ("\u{7}\u{8}\u{b}\u{c}", "\"\\a\\b\\v\\f\""), ("grün", "\"grün\""), ("\u{200b}", "\"\\u200b\""),
        ("\u{2028}", "\"\\u2028\""), ("\u{e0001}", "\"\\U000e0001\""), ("a\u{a0}b", "\"a\\u00a0b\""),
    ])
    func quotesAsGoDoes(value: String, written: String) {
        let line = LogLine(time: Self.time, level: .info, message: "m", fields: ["k": "\(value)"])
        #expect(line.text(.seconds) == "time=\"2026-11-21T01:45:30Z\" level=info msg=m k=\(written)\n")
    }

    @Test(arguments: ["line\nlevel=fatal", "cr\rx", "\u{1b}[2J", "\u{2028}", "\u{85}", "\0"])
    func staysOneLineWhateverItIsTold(text: String) {
        let line = LogLine(time: Self.time, level: .info, message: text, fields: [text: "\(text)"])
        for written in [line.text(.seconds), line.json()] {
            #expect(written.unicodeScalars.dropLast().allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
            #expect(written.last == "\n")
        }
    }

    @Test func keepsFieldsFromPassingForItsOwn() {
        let source = LogLine.Source(function: "f()", file: "A/B.swift", line: 7)
        let line = LogLine(
            time: Self.time, level: .info, message: "m", fields: ["msg": "x", "level": "y", "file": "z", "b": "c"],
            source: source)
        #expect(
            line.text(.seconds)
                == "time=\"2026-11-21T01:45:30Z\" level=info msg=m func=\"f()\" file=\"A/B.swift:7\" b=c "
                + "fields.file=z fields.level=y fields.msg=x\n")
    }

    @Test func leavesOutAnEmptyMessageAsLogrusDoes() {
        let line = LogLine(time: Self.time, level: .info, message: "", fields: ["a": ["x", "y"], "m": ["k": "v"]])
        #expect(line.text(.seconds) == "time=\"2026-11-21T01:45:30Z\" level=info a=\"[x y]\" m=\"map[k:v]\"\n")
    }

    @Test(arguments: [
        (0.0, "1970-01-01T00:00:00Z"), (951_782_400, "2000-02-29T00:00:00Z"), (951_868_799, "2000-02-29T23:59:59Z"),
        (-1, "1969-12-31T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"), (1_735_689_599, "2024-12-31T23:59:59Z"),
    ])
    func writesTimesAsRFC3339(seconds: Double, text: String) {
        #expect(Timestamp.text(Date(timeIntervalSince1970: seconds), .seconds) == text)
        #expect(Timestamp.text(Date(timeIntervalSince1970: seconds), .nanoseconds) == text)
    }
}
