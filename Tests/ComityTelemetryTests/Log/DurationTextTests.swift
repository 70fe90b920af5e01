// SPDX-License-Identifier: Apache-2.0

import ComityTelemetry
import FoundationEssentials
import Logging
import Testing

@Suite struct DurationTextTests {
    @Test(arguments: [
        (Duration.zero, "0s"), (.nanoseconds(5), "5ns"), (.nanoseconds(1_500), "1.5µs"), (.milliseconds(300), "300ms"),
        (.microseconds(2_250), "2.25ms"), (.seconds(1), "1s"), (.milliseconds(1_500), "1.5s"), (.seconds(60), "1m0s"),
        (.seconds(300), "5m0s"), (.seconds(3600), "1h0m0s"), (.seconds(5405), "1h30m5s"), (.seconds(-90), "-1m30s"),
        (.seconds(86400 * 7), "168h0m0s"),
    ])
    func writesWhatGoWrites(duration: Duration, text: String) {
        #expect(duration.goText == text)
    }

    @Test func standsInTheLogAsInSPIREs() {
        let fields: Logger.Metadata = ["retry_interval": .stringConvertible(Duration.milliseconds(7_250))]
        let line = LogLine(
            time: Date(timeIntervalSince1970: 0), level: .warning, message: "m", fields: fields)
        #expect(line.text(.seconds) == "time=\"1970-01-01T00:00:00Z\" level=warning msg=m retry_interval=7.25s\n")
        #expect(line.json().contains("\"retry_interval\":7250000000,"))
    }
}
