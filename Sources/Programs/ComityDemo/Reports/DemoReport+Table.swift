// SPDX-License-Identifier: Apache-2.0

extension DemoReport {
    /// The end of the story, for a terminal.
    var table: String {
        var rows = [["", "calls made", "\(calls)"], ["", "calls failed", "\(failed)"]]
        for domain in domains {
            for kind in AuthorityKind.allCases {
                let name = kind == .x509 ? "X.509 authorities" : "JWT keys"
                rows.append([domain.name, "\(name) seen by the partner", "\(domain.seen(kind).count)"])
                for id in domain.used(kind) {
                    let count = domain.report.used[.init(trustDomain: domain.name, kind: kind, id: id)] ?? 0
                    rows.append(["", "  calls authenticated by \(Self.shorten(id))", "\(count)"])
                }
            }
        }
        for refusal in refusals {
            rows.append(["", "\(refusal.client): \(refusal.expected)", refusal.isRight ? "yes" : "NO"])
        }
        for time in times { rows.append(["", time.step, time.duration.secondsText]) }
        return Self.render(rows)
    }

    private static func shorten(_ id: String) -> String {
        id.count > 12 ? "\(id.prefix(12))…" : id
    }

    private static func render(_ rows: [[String]]) -> String {
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let first = row[0] + String(repeating: " ", count: widths[0] - row[0].count)
            let second = row[1] + String(repeating: " ", count: widths[1] - row[1].count)
            let third = String(repeating: " ", count: widths[2] - row[2].count) + row[2]
            return "  \(first)  \(second)  \(third)\n"
        }.joined()
    }
}
