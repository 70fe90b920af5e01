// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ComityDemo

@Suite struct DemoReportTests {
    /// Everything was shown.
    private var complete: DemoReport {
        var report = DemoReport(calls: 100)
        for name in ["alpha.test", "beta.test"] {
            var partner = WorkloadReport()
            for kind in AuthorityKind.allCases {
                for id in ["old", "new"] {
                    let authority = WorkloadReport.Authority(trustDomain: name, kind: kind, id: id)
                    partner.seen.insert(authority)
                    partner.used[authority] = 50
                }
            }
            report.domains.append(.init(name: name, report: partner))
        }
        report.refusals = [
            .init(client: "wrong identity", expected: "unexpected ID", isRight: true),
            .init(client: "wrong audience", expected: "401", isRight: true),
        ]
        return report
    }

    @Test func hasNoFaultsWhenAllWasShown() {
        #expect(complete.faults.isEmpty)
    }

    struct Flaw: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var make: @Sendable (inout DemoReport) -> Void

        init(_ testDescription: String, _ make: @escaping @Sendable (inout DemoReport) -> Void) {
            self.testDescription = testDescription
            self.make = make
        }
    }

    private static let newJWTKey = WorkloadReport.Authority(trustDomain: "beta.test", kind: .jwt, id: "new")
    private static let newCA = WorkloadReport.Authority(trustDomain: "alpha.test", kind: .x509, id: "new")

    static let flaws: [Flaw] = [
        Flaw("no call") { $0.calls = 0 },
        Flaw("a failed call") { $0.failed = 1 },
        Flaw("one X.509 authority seen") { $0.domains[0].report.seen.remove(newCA) },
        Flaw("one JWT key seen") { $0.domains[1].report.seen.remove(newJWTKey) },
        Flaw("no call under the new X.509 authority") { $0.domains[0].report.used[newCA] = nil },
        Flaw("no call under the new JWT key") { $0.domains[1].report.used[newJWTKey] = nil },
        Flaw("wrong client not refused") { $0.refusals[1].isRight = false },
        Flaw("nothing known of a domain") { $0.domains[1].report = WorkloadReport() },
        Flaw("only the other domain's authorities") { $0.domains[1].report = $0.domains[0].report },
    ]

    @Test(arguments: flaws)
    func hasFaultsWhenSomethingWasNotShown(flaw: Flaw) {
        var report = complete
        flaw.make(&report)
        #expect(!report.faults.isEmpty)
    }

    @Test func showsEveryAuthorityInTheTable() {
        let table = complete.table
        #expect(table.contains("calls failed"))
        #expect(table.split(separator: "\n").filter { $0.contains("authenticated by new") }.count == 4)
    }
}
