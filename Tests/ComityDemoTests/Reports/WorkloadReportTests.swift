// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ComityDemo

@Suite struct WorkloadReportTests {
    private var report: WorkloadReport {
        let authority = WorkloadReport.Authority(trustDomain: "alpha.test", kind: .x509, id: "ab\"12")
        return WorkloadReport(
            port: 8443, calls: 7, failed: 1, failure: "line 1\nline 2", failedHandshakes: 2, seen: [authority],
            used: [authority: 6])
    }

    @Test func survivesItsLine() {
        let line = report.line
        #expect(!line.contains(UInt8(ascii: "\n")))
        #expect(WorkloadReport(line: line) == report)
    }

    @Test(arguments: ["", "Starting...", "{}", "[]", #"{"port":1}"#, #"{"port":1.5,"calls":0}"#])
    func isNotReadFromOtherLines(text: String) {
        #expect(WorkloadReport(line: Array(text.utf8)) == nil)
    }

    @Test func findsIDsOfOneKindAndDomain() {
        var report = report
        report.seen.insert(.init(trustDomain: "alpha.test", kind: .jwt, id: "k"))
        report.seen.insert(.init(trustDomain: "beta.test", kind: .x509, id: "b"))
        #expect(report.ids(.x509, of: "alpha.test", used: false) == ["ab\"12"])
        #expect(report.ids(.jwt, of: "alpha.test", used: false) == ["k"])
        #expect(report.ids(.jwt, of: "alpha.test", used: true) == [])
    }
}
