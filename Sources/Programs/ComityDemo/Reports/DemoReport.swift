// SPDX-License-Identifier: Apache-2.0

/// What the demonstration has shown, and whether that is what it was to show.
struct DemoReport: Hashable, Sendable {
    /// What happened to a client that was set up wrongly.
    struct Refusal: Hashable, Sendable {
        var client: String
        var expected: String
        /// Whether it was refused, and for that reason.
        var isRight: Bool
    }

    /// One trust domain as its partner's workload saw it.
    struct Domain: Hashable, Sendable {
        var name: String
        var report: WorkloadReport

        func seen(_ kind: AuthorityKind) -> [String] { report.ids(kind, of: name, used: false) }
        func used(_ kind: AuthorityKind) -> [String] { report.ids(kind, of: name, used: true) }
    }

    /// How long a step took.
    struct Time: Hashable, Sendable {
        var step: String
        var duration: Duration
    }

    var domains: [Domain] = []
    var refusals: [Refusal] = []
    var times: [Time] = []
    /// The clients' calls; the servers saw the same ones.
    var calls = 0
    var failed = 0
    var firstFailure = ""

    /// Everything that is not as it should be; empty when all was shown.
    var faults: [String] {
        var faults: [String] = []
        if calls == 0 { faults.append("no call was made") }
        if failed > 0 { faults.append("\(failed) calls failed, first: \(firstFailure)") }
        for domain in domains {
            for kind in AuthorityKind.allCases {
                let (seen, used) = (domain.seen(kind), domain.used(kind))
                if seen.count < 2 {
                    faults.append("the partner of \(domain.name) saw \(seen.count) \(kind) authorities, not two")
                }
                if used.count < 2 {
                    faults.append("calls succeeded under \(used.count) \(kind) authorities of \(domain.name), not two")
                }
            }
        }
        for refusal in refusals where !refusal.isRight {
            faults.append("\(refusal.client) was not refused by \(refusal.expected)")
        }
        return faults
    }
}
