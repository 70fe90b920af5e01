// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import Testing

@Suite struct MetricFamilyTextTests {
    @Test func writesWhatPrometheusReads() {
        let family = MetricFamily(
            "spire_server_started", .gauge, help: "one\nline, one \\",
            [
                .init(1), .init(labels: [.init("host", "a\"b\\c\nd"), .init("status", "OK")], 0.25),
                .init(suffix: "_sum", 12),
            ])
        #expect(
            family.text == #"""
                # HELP spire_server_started one\nline, one \\
                # TYPE spire_server_started gauge
                spire_server_started 1
                spire_server_started{host="a\"b\\c\nd",status="OK"} 0.25
                spire_server_started_sum 12

                """#)
    }

    @Test(arguments: [
        (0.0, "0"), (-3, "-3"), (1.5, "1.5"), (1e15, "1000000000000000"), (1e300, "1e+300"), (.infinity, "+Inf"),
        (-.infinity, "-Inf"), (.nan, "NaN"),
    ])
    func writesNumbers(value: Double, text: String) {
        #expect(MetricFamily("a", .counter, help: "b", [.init(value)]).text.hasSuffix("\na \(text)\n"))
    }
}
